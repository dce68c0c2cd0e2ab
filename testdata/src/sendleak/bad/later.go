package bad

import (
	"context"
	"time"
)

// The timer runs its function in a goroutine, which nobody listens to when the
// work was done in time.
func timerSends(work func() int) int {
	timeout := make(chan struct{})
	time.AfterFunc(time.Second, func() {
		timeout <- struct{}{} // want `send on timeout blocks forever if <-result is taken on line 18`
	})
	result := make(chan int, 1)
	go func() { result <- work() }()
	select {
	case n := <-result:
		return n
	case <-timeout:
		return -1
	}
}

// Stop comes too late when the timer has fired already.
func timerStopped(work func() int) int {
	timeout := make(chan struct{})
	t := time.AfterFunc(time.Second, func() {
		timeout <- struct{}{} // want `send on timeout blocks forever`
	})
	defer t.Stop()
	result := make(chan int, 1)
	go func() { result <- work() }()
	select {
	case n := <-result:
		return n
	case <-timeout:
		return -1
	}
}

// The function that waits for the context is never let go.
func contextSends(parent context.Context, work func() int) int {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	gone := make(chan error)
	context.AfterFunc(ctx, func() {
		gone <- ctx.Err() // want `send on gone blocks forever`
	})
	return work()
}
