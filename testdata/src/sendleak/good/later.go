package good

import (
	"context"
	"sync"
	"time"
)

func timerSends(work func() int) int {
	timeout := make(chan struct{}, 1)
	time.AfterFunc(time.Second, func() {
		timeout <- struct{}{}
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

func timerStopped(work func() int) int {
	timeout := make(chan struct{})
	t := time.AfterFunc(time.Second, func() {
		close(timeout)
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

func contextSends(parent context.Context, work func() int) int {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	gone := make(chan error, 1)
	context.AfterFunc(ctx, func() {
		gone <- ctx.Err()
	})
	return work()
}

// What was stopped in time never begins; what was not is waited for.
func stopOrWait(parent context.Context, work func()) {
	done := make(chan struct{})
	stop := context.AfterFunc(parent, func() {
		done <- struct{}{}
	})
	work()
	if !stop() {
		<-done
	}
}

func stopTimerOrWait(work func()) {
	done := make(chan struct{})
	t := time.AfterFunc(time.Second, func() { done <- struct{}{} })
	work()
	if !t.Stop() {
		<-done
	}
}

// The timer adds to the group that is waited for, in time.
func watched(work func(stop <-chan struct{})) {
	var wg sync.WaitGroup
	stop := make(chan struct{})
	wg.Add(1)
	time.AfterFunc(time.Second, func() {
		defer wg.Done()
		close(stop)
	})
	work(stop)
	wg.Wait()
}
