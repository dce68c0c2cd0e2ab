package good

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// The function waits, then reads.
func resultBeforeWait(n int) (int, error) {
	var result int
	done := make(chan struct{})
	go func() {
		defer close(done)
		result, _ = fetch(n)
	}()
	<-done
	res := result
	return res, nil
}

// When the time is up, the error is the context's.
func timeoutReturnsErr(ctx context.Context, n int) error {
	var err error
	done := make(chan struct{})
	go func() {
		_, err = fetch(n)
		close(done)
	}()
	select {
	case <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Done comes last.
func doneTooEarly(n int) int {
	var result int
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		v, _ := fetch(n)
		result = v
		wg.Done()
	}()
	wg.Wait()
	return result
}

// The flag is atomic.
func polledFlag(n int) {
	var stop atomic.Bool
	go func() {
		fetch(n)
		stop.Store(true)
	}()
	for !stop.Load() {
		time.Sleep(time.Millisecond)
	}
}

// The goroutine has an err of its own.
func namedResult(n int) (err error) {
	go func() {
		_, err := fetch(n)
		println(err)
	}()
	return nil
}

// The goroutine declares its err.
func reusedErr(n int) error {
	_, err := fetch(n)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		if _, err := fetch(n); err != nil {
			return
		}
	}()
	_, err = fetch(n + 1)
	wg.Wait()
	return err
}

// The goroutine is given a copy.
func reassignedLater(names []string) string {
	name := "none"
	done := make(chan bool)
	go func(name string) {
		println(name)
		done <- true
	}(name)
	for _, n := range names {
		name = n
	}
	<-done
	return name
}

// The read is under the lock.
func readAfterUnlock(n int) int {
	var mu sync.Mutex
	count := 0
	for range n {
		go func() {
			mu.Lock()
			count++
			mu.Unlock()
		}()
	}
	mu.Lock()
	defer mu.Unlock()
	count++
	return count
}

// A channel is.
func sleepAndRead(n int) int {
	var result int
	done := make(chan bool)
	go func() {
		result = n
		done <- true
	}()
	<-done
	return result
}

// A timer's function closes a channel.
func timerSets(n int) bool {
	expired := make(chan bool)
	time.AfterFunc(time.Millisecond, func() {
		close(expired)
	})
	for range n {
		select {
		case <-expired:
			return true
		default:
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
		err = d.Skip()
	}()
	if d.Skip() != nil {
		<-done
		return err
	}
	<-done
	return err
}
