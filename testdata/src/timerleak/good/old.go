//go:build go1.21

package good

import (
	"errors"
	"time"
)

func pollUntilReady(ready func() bool) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for range ticker.C {
		if ready() {
			return
		}
	}
}

func stopOnSuccessOnly(ready func() (bool, error)) error {
	ticker := time.NewTicker(time.Second)
	for range ticker.C {
		ok, err := ready()
		if err != nil {
			ticker.Stop()
			return err
		}
		if ok {
			break
		}
	}
	ticker.Stop()
	return nil
}

func stopBehindReturn(n int) error {
	if n < 0 {
		return errors.New("negative")
	}
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for i := 0; i < n; i++ {
		<-ticker.C
	}
	return nil
}

func tickOnce() {
	<-time.After(time.Second)
}

func tickEachTurn(in <-chan int) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-in:
		case <-tick.C:
			return
		}
	}
}

func idleTimeout(in <-chan int, use func(int)) {
	idle := time.NewTimer(time.Hour)
	defer idle.Stop()
	for {
		select {
		case v := <-in:
			use(v)
			if !idle.Stop() {
				<-idle.C
			}
			idle.Reset(time.Hour)
		case <-idle.C:
			return
		}
	}
}

func resetAfterFiring(in <-chan int, use func(int)) {
	timer := time.NewTimer(time.Minute)
	defer timer.Stop()
	for {
		select {
		case v := <-in:
			use(v)
		case <-timer.C:
			return
		}
		if !timer.Stop() {
			select {
			case <-timer.C:
			default:
			}
		}
		timer.Reset(time.Minute)
	}
}

// resetWhenReceived resets only after the value was received.
func resetWhenReceived(work func()) {
	timer := time.NewTimer(time.Minute)
	for {
		select {
		case <-timer.C:
			work()
		}
		timer.Reset(time.Minute)
	}
}

// never returns, so there is nothing to stop.
func forever(work func()) {
	ticker := time.NewTicker(time.Second)
	for range ticker.C {
		work()
	}
}

// handedOn is stopped by whoever has it.
func handedOn() *time.Ticker {
	ticker := time.NewTicker(time.Second)
	return ticker
}

// onlyIfWanted makes and stops the ticker under the same condition.
func onlyIfWanted(show bool, n int) {
	var ticker *time.Ticker
	if show {
		ticker = time.NewTicker(time.Second)
	}
	for i := 0; i < n; i++ {
		work()
	}
	if show {
		ticker.Stop()
	}
}

// unlessNil asks the ticker itself.
func unlessNil(show bool) {
	var ticker *time.Ticker
	if show {
		ticker = time.NewTicker(time.Second)
	}
	work()
	if ticker != nil {
		ticker.Stop()
	}
}

// inGoroutine lives as long as the process.
func inGoroutine() {
	ticker := time.NewTicker(time.Second)
	go func() {
		for range ticker.C {
			work()
		}
	}()
}

// shortTimeout leaves timers behind that are gone after a second.
func shortTimeout(in <-chan int, use func(int)) {
	for {
		select {
		case v := <-in:
			use(v)
		case <-time.After(time.Second):
			return
		}
	}
}

// A batcher collects values, and is told how long to wait for more.
type batcher struct {
	idle  time.Duration
	flush time.Duration
	ship  func([]int)
}

func newBatcher(idle time.Duration, ship func([]int)) *batcher {
	return &batcher{idle: idle, flush: 100 * time.Millisecond, ship: ship}
}

// One timer for all.
func (b *batcher) collect(in <-chan int) {
	var pending []int
	idle := time.After(b.idle)
	for {
		select {
		case v, ok := <-in:
			if !ok {
				b.ship(pending)
				return
			}
			pending = append(pending, v)
		case <-idle:
			b.ship(pending)
			return
		}
	}
}

// What the field is set to is short.
func (b *batcher) collectSoon(in <-chan int) {
	for {
		select {
		case v := <-in:
			b.ship([]int{v})
		case <-time.After(b.flush):
			b.ship(nil)
		}
	}
}

// The delay is another one in each turn.
func retry(in <-chan int, delay time.Duration, try func(int) bool) {
	for {
		select {
		case v := <-in:
			if try(v) {
				return
			}
		case <-time.After(delay):
			delay *= 2
		}
	}
}

// wake is told by signals without a value, which are few.
func wake(changed <-chan struct{}, every time.Duration, work func()) {
	for {
		select {
		case <-changed:
		case <-time.After(every):
		}
		work()
	}
}

// stream keeps the channel.
func stream() <-chan time.Time { return time.Tick(time.Second) }

func work() {}

func deferOfTheFirst(done <-chan struct{}) {
	ticker := time.NewTicker(time.Second)
	defer func() { ticker.Stop() }()
	for {
		select {
		case <-ticker.C:
		case <-done:
			return
		}
		ticker.Stop()
		ticker = time.NewTicker(time.Minute)
	}
}

// By way of a variable, it is the same.
func reportSlowly(write func() bool) {
	tick := time.Tick(time.Minute)
	for range tick {
		write()
	}
}

// The loop never ends, and neither does the function.
func report(write func() bool) {
	for range time.Tick(time.Minute) {
		for i := 0; i < 3; i++ {
			if write() {
				break
			}
		}
	}
}

// countNow and then sets the timer when the count that it has started is done: until then it is off.
func countNowAndThen(counts chan<- struct{}, counted <-chan struct{}, stop <-chan struct{}) {
	t := time.NewTimer(0)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			counts <- struct{}{}
		case <-counted:
			t.Reset(time.Hour)
		case <-stop:
			return
		}
	}
}

// drainIfSet notes when the timer is set, and that it is not when it has fired.
func drainIfSet(force <-chan struct{}, gather func()) {
	t := time.NewTimer(time.Minute)
	since := time.Now()
	for {
		select {
		case <-t.C:
			since = time.Time{}
		case <-force:
			if !since.IsZero() {
				if !t.Stop() {
					<-t.C
				}
				since = time.Time{}
			}
		}
		gather()
		if since.IsZero() {
			since = time.Now()
			t.Reset(time.Minute)
		}
	}
}
