package bad

import (
	"context"
	"sync"
	"time"
)

// The function returns while the goroutine can still be at it.
func resultBeforeWait(n int) (int, error) {
	var result int
	done := make(chan struct{})
	go func() {
		defer close(done)
		result, _ = fetch(n) // want `write of result races with the read on line 17: nothing on the way there waits for the goroutine of line 13; wait for it first`
	}()
	res := result
	<-done
	return res, nil
}

// When the time is up, nobody has waited for the goroutine.
func timeoutReturnsErr(ctx context.Context, n int) error {
	var err error
	done := make(chan struct{})
	go func() {
		_, err = fetch(n) // want `write of err races with the read on line 34`
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	return err
}

// Done comes before the write: Wait can return between the two.
func doneTooEarly(n int) int {
	var result int
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		v, _ := fetch(n)
		wg.Done()
		result = v // want `write of result races with the read on line 48`
	}()
	wg.Wait()
	return result
}

// The flag is polled: the loop need not ever see it change.
func polledFlag(n int) {
	stop := false
	go func() {
		fetch(n)
		stop = true // want `write of stop races with the read on line 58`
	}()
	for !stop {
		time.Sleep(time.Millisecond)
	}
}

// The result err is set by the return statement as well as by the goroutine.
func namedResult(n int) (err error) {
	go func() {
		_, err = fetch(n) // want `write of err races with`
	}()
	return nil
}

// One err serves the function and its goroutine.
func reusedErr(n int) error {
	_, err := fetch(n)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		if _, err = fetch(n); err != nil { // want `write of err races with the write on line 85: .*; declare the error in the goroutine`
			return
		}
	}()
	_, err = fetch(n + 1)
	wg.Wait()
	return err
}

// The variable is set anew while the goroutine reads it.
func reassignedLater(names []string) string {
	name := "none"
	done := make(chan bool)
	go func() {
		println(name)
		done <- true
	}()
	for _, n := range names {
		name = n // want `write of name races with the read on line 95`
	}
	<-done
	return name
}

// The lock is let go before the read.
func readAfterUnlock(n int) int {
	var mu sync.Mutex
	count := 0
	for range n {
		go func() {
			mu.Lock()
			count++ // want `write of count races with the read on line 119`
			mu.Unlock()
		}()
	}
	mu.Lock()
	count++
	mu.Unlock()
	return count
}

// Sleeping is no order.
func sleepAndRead(n int) int {
	var result int
	go func() {
		result = n // want `write of result races with the read on line 129`
	}()
	time.Sleep(10 * time.Millisecond)
	return result
}

// A timer's function is run by another goroutine.
func timerSets(n int) bool {
	expired := false
	time.AfterFunc(time.Millisecond, func() {
		expired = true // want `write of expired races with the read on line 139`
	})
	for range n {
		if expired {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return false
}

// What skips a value comes back.
func skipped(d interface{ Skip() error }) error {
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		err = d.Skip() // want `write of err races with the read on line \d+`
	}()
	if d.Skip() != nil {
		return err
	}
	<-done
	return err
}
