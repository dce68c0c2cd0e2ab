package good

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// One join in each turn.
func joinInTurn(urls []int) error {
	var err error
	for _, u := range urls {
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, err = fetch(u)
		}()
		<-done
		if err != nil {
			return err
		}
	}
	return nil
}

// The wait is in a deferred call, and the group's.
func deferredWait(urls []int) (n int, err error) {
	var g errgroup.Group
	count := 0
	g.Go(func() error {
		count = len(urls)
		return nil
	})
	if err := g.Wait(); err != nil {
		return 0, err
	}
	return count, nil
}

// The arm of the select that returns has received.
func selectArm(ctx context.Context, n int) (int, error) {
	var result int
	errc := make(chan error, 1)
	go func() {
		var err error
		result, err = fetch(n)
		errc <- err
	}()
	select {
	case err := <-errc:
		return result, err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Cancelling says that the work is done.
func cancelWhenDone(parent context.Context, n int) int {
	ctx, cancel := context.WithCancel(parent)
	result := 0
	go func() {
		defer cancel()
		result, _ = fetch(n)
	}()
	<-ctx.Done()
	return result
}

// Another goroutine waits for all and closes.
func closer(urls []int) (errs []error) {
	var wg sync.WaitGroup
	ch := make(chan error)
	count := 0
	for _, u := range urls {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, err := fetch(u)
			ch <- err
		}()
	}
	go func() {
		wg.Wait()
		count = len(urls)
		close(ch)
	}()
	for err := range ch {
		errs = append(errs, err)
	}
	println(count)
	return errs
}

// Once.
func once(n int) int {
	var once sync.Once
	value := 0
	get := func() int {
		once.Do(func() { value = n })
		return value
	}
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { get() })
	}
	wg.Wait()
	return get()
}

// The one whose swap succeeds writes.
func firstError(urls []int) error {
	var failed atomic.Bool
	var first error
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Go(func() {
			if _, err := fetch(u); err != nil && failed.CompareAndSwap(false, true) {
				first = err
			}
		})
	}
	wg.Wait()
	return first
}

// The last to finish tells.
func lastOne(urls []int) {
	left := int32(len(urls))
	done := make(chan struct{})
	state := ""
	for _, u := range urls {
		go func() {
			fetch(u)
			if atomic.AddInt32(&left, -1) == 0 {
				state = "done"
				close(done)
			}
		}()
	}
	<-done
	println(state)
}

// A Cond with its flag.
func cond(n int) int {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	ready, value := false, 0
	go func() {
		value = n
		mu.Lock()
		ready = true
		mu.Unlock()
		c.Signal()
	}()
	mu.Lock()
	for !ready {
		c.Wait()
	}
	mu.Unlock()
	return value
}

// The goroutine starts only when it is told to.
func gate(n int) {
	value := 0
	start, done := make(chan struct{}), make(chan struct{})
	go func() {
		<-start
		println(value)
		close(done)
	}()
	value = n
	close(start)
	<-done
}

// A pipe orders: reading to the end waits for the writer.
func pipe(src io.Reader) (int64, error) {
	var copyErr error
	r, w := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, copyErr = io.Copy(w, src)
		w.CloseWithError(copyErr)
	}()
	n, err := io.Copy(io.Discard, r)
	<-done
	return n, errors.Join(err, copyErr)
}

// Either the goroutine or the function does it.
func siblingBranches(async bool, n int) int {
	result := 0
	if async {
		go func() { result, _ = fetch(n); println(result) }()
	} else {
		result, _ = fetch(n)
	}
	if !async {
		return result
	}
	return 0
}

// A variable for each turn.
func ownVariable(urls []int) {
	var wg sync.WaitGroup
	for i := 0; i < len(urls); i++ {
		var err error
		n := 0
		wg.Add(1)
		go func() {
			defer wg.Done()
			n, err = fetch(urls[i])
			println(n, err)
		}()
	}
	wg.Wait()
}

// Only the first writes.
func onlyOne(urls []int) int {
	var wg sync.WaitGroup
	first := 0
	for i, u := range urls {
		wg.Go(func() {
			n, _ := fetch(u)
			if i == 0 {
				first = n
			}
		})
	}
	wg.Wait()
	return first
}

// The wait is in a local function, and in one of its own.
func waitElsewhere(urls []int) int {
	var wg sync.WaitGroup
	total := 0
	wait := func() { wg.Wait() }
	wg.Add(1)
	go func() {
		defer wg.Done()
		total = len(urls)
	}()
	wait()
	n := total
	wg.Add(1)
	go func() {
		defer wg.Done()
		total++
	}()
	waitFor(&wg)
	return n + total
}

func waitFor(wg *sync.WaitGroup) { wg.Wait() }

// The timer has been stopped.
func stopped(n int) bool {
	fired := false
	t := time.AfterFunc(time.Hour, func() { fired = true })
	fetch(n)
	t.Stop()
	return fired
}

// All the helpers lock.
func helpersLock(urls []int) int {
	var mu sync.Mutex
	total := 0
	add := func(n int) {
		mu.Lock()
		defer mu.Unlock()
		total += n
	}
	get := func() int {
		mu.Lock()
		defer mu.Unlock()
		return total
	}
	for _, u := range urls {
		go add(u)
	}
	return get()
}

// Read by all, written before they start.
func readOnly(urls []int) {
	limit := 0
	for _, u := range urls {
		limit = max(limit, u)
	}
	var wg sync.WaitGroup
	for _, u := range urls {
		wg.Go(func() { println(u * limit) })
	}
	wg.Wait()
	limit = 0
}

// The goroutine that writes is the one that reads; others are told by channel.
func ownerLoop(in <-chan int, ask <-chan chan int) {
	sum := 0
	go func() {
		for {
			select {
			case n, ok := <-in:
				if !ok {
					return
				}
				sum += n
			case reply := <-ask:
				reply <- sum
			}
		}
	}()
}

// The helper runs what it is given in a goroutine, and waits for it.
func aside(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

func waitsInHelper(n int) int {
	result := 0
	aside(func() { result = n })
	return result
}

// A queue runs one function after the other.
type inOrder struct{ last chan struct{} }

func (q *inOrder) add(f func()) {
	before, done := q.last, make(chan struct{})
	q.last = done
	go func() {
		if before != nil {
			<-before
		}
		f()
		close(done)
	}()
}

func oneAfterTheOther() {
	var q inOrder
	step := 0
	q.add(func() { step = 1 })
	q.add(func() { step = 2 })
	<-q.last
	println(step)
}

// The return gives the named result its own value.
func namedChannel(n int) (ch chan int, err error) {
	ch = make(chan int, n)
	go func() {
		for i := range n {
			ch <- i
		}
	}()
	return ch, nil
}

// A loop that waits turns as often as the one that starts.
func waitInLoop(list []int) int {
	sum := 0
	var mu sync.Mutex
	done := make(chan bool)
	for _, x := range list {
		go func() {
			mu.Lock()
			sum += x
			mu.Unlock()
			done <- true
		}()
	}
	for range list {
		<-done
	}
	return sum
}

func waitInCountingLoop() int {
	sum := 0
	var mu sync.Mutex
	done := make(chan bool)
	for range 3 {
		go addOne(&mu, &sum, done)
	}
	for range 3 {
		<-done
	}
	return sum
}

func addOne(mu *sync.Mutex, sum *int, done chan bool) {
	mu.Lock()
	*sum++
	mu.Unlock()
	done <- true
}

// The workers end when the producer closes, and Wait waits for them.
func throughWorkers(n int) int {
	made := 0
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range jobs {
			}
		}()
	}
	go func() {
		for i := range n {
			made++
			jobs <- i
		}
		close(jobs)
	}()
	wg.Wait()
	return made
}
