//go:build go1.21

package bad

import (
	"errors"
	"time"
)

// pollUntilReady forgets the ticker: the runtime keeps it and sends for ever.
func pollUntilReady(ready func() bool) {
	ticker := time.NewTicker(time.Second) // want `ticker is never stopped: before go1.23 it ticks forever and is never freed; defer ticker.Stop\(\)`
	for range ticker.C {
		if ready() {
			return
		}
	}
}

// stopOnSuccessOnly stops it at one return and not at the other.
func stopOnSuccessOnly(ready func() (bool, error)) error {
	ticker := time.NewTicker(time.Second) // want `ticker is not stopped at the return on line \d+: before go1.23 it then ticks forever and is never freed; defer ticker.Stop\(\)`
	for range ticker.C {
		ok, err := ready()
		if err != nil {
			return err
		}
		if ok {
			break
		}
	}
	ticker.Stop()
	return nil
}

// stopBehindReturn defers the Stop after a return that comes before it.
func stopBehindReturn(n int) error {
	ticker := time.NewTicker(time.Second) // want `ticker is not stopped at the return on line \d+`
	if n < 0 {
		return errors.New("negative")
	}
	defer ticker.Stop()
	for i := 0; i < n; i++ {
		<-ticker.C
	}
	return nil
}

// tickOnce waits with a ticker that nobody can stop.
func tickOnce() {
	<-time.Tick(time.Second) // want `time.Tick\(time.Second\) cannot be stopped: before go1.23 it ticks on when the function has returned; use time.NewTicker and defer its Stop`
}

// tickEachTurn makes a ticker in each turn.
func tickEachTurn(in <-chan int) {
	for {
		select {
		case <-in:
		case <-time.Tick(time.Minute): // want `time.Tick\(time.Minute\) makes a new ticker in each turn: before go1.23 none is ever freed; make it once, before the loop`
			return
		}
	}
}

// idleTimeout leaves a timer behind for each value: a million values in an
// hour are a million timers.
func idleTimeout(in <-chan int, use func(int)) {
	for {
		select {
		case v := <-in:
			use(v)
		case <-time.After(time.Hour): // want `time.After\(time.Hour\) makes a new timer in each turn of the loop: before go1.23 each is kept until it fires; use one time.Timer and Reset it`
			return
		}
	}
}

// A batcher collects values, and is told how long to wait for more.
type batcher struct {
	idle time.Duration
	ship func([]int)
}

// newBatcher does not know how long that is.
func newBatcher(idle time.Duration, ship func([]int)) *batcher { return &batcher{idle, ship} }

// One timer is left behind for each value.
func (b *batcher) collect(in <-chan int) {
	var pending []int
	for {
		select {
		case v, ok := <-in:
			if !ok {
				b.ship(pending)
				return
			}
			pending = append(pending, v)
		case <-time.After(b.idle): // want `time.After\(b.idle\) makes a new timer in each turn of the loop: before go1.23 each is kept until it fires; use one time.Timer and Reset it`
			b.ship(pending)
			pending = nil
		}
	}
}

// resetAfterFiring resets a timer that may have fired while the other case was
// chosen: the old value makes the next turn time out.
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
		timer.Reset(time.Minute) // want `timer.Reset keeps the old value in timer.C if it has just fired, before go1.23: line \d+ then receives at once; Stop and drain it first`
	}
}

// deferOfTheFirst stops the first ticker, whatever the variable holds later.
func deferOfTheFirst(done <-chan struct{}) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-done:
			return
		}
		ticker.Stop()
		ticker = time.NewTicker(time.Minute) // want `ticker is not stopped at the return on line \d+: before go1.23 it then ticks forever`
	}
}
