package good

import (
	"context"
	"io"
	"sync"
	"time"
)

func drainTwice(in <-chan int, use func(int)) {
	timer := time.NewTimer(time.Minute)
	for {
		fired := false
		select {
		case v := <-in:
			use(v)
		case <-timer.C:
			fired = true
			use(-1)
		}
		if !fired && !timer.Stop() {
			<-timer.C
		}
		timer.Reset(time.Minute)
	}
}

func drainAtReturn(in <-chan int) int {
	timer := time.NewTimer(time.Minute)
	defer timer.Stop()
	select {
	case v := <-in:
		return v
	case <-timer.C:
		return -1
	}
}

func receiveFromAfterFunc(work func()) {
	done := make(chan struct{})
	time.AfterFunc(time.Second, func() { work(); close(done) })
	<-done
}

func pollLength(timer *time.Timer) bool {
	select {
	case <-timer.C:
		return true
	default:
		return false
	}
}

func waitForStopped(work func(), hurry <-chan struct{}) {
	var wg sync.WaitGroup
	wg.Add(1)
	timer := time.AfterFunc(time.Minute, func() {
		defer wg.Done()
		work()
	})
	<-hurry
	if timer.Stop() {
		wg.Done()
	}
	wg.Wait()
}

func receiveFromStopped(work func(), hurry <-chan struct{}) {
	done := make(chan struct{})
	timer := time.AfterFunc(time.Minute, func() {
		work()
		close(done)
	})
	<-hurry
	if timer.Stop() {
		return
	}
	<-done
}

// drainWhenOther drains only in the case that did not receive.
func drainWhenOther(in <-chan int, use func(int)) {
	timer := time.NewTimer(time.Minute)
	for {
		select {
		case v := <-in:
			use(v)
			if !timer.Stop() {
				<-timer.C
			}
		case <-timer.C:
		}
		timer.Reset(time.Minute)
	}
}

// notStopped needs no Stop any more: what nothing refers to is collected.
func notStopped(ready func() bool) {
	ticker := time.NewTicker(time.Second)
	for range ticker.C {
		if ready() {
			return
		}
	}
}

// afterEachTurn is fine for the same reason.
func afterEachTurn(in <-chan int) {
	for {
		select {
		case <-in:
		case <-time.After(time.Hour):
			return
		}
	}
}

// receiveFromDetached waits only for what has begun.
func receiveFromDetached(ctx context.Context, conn io.Closer, work func()) {
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		conn.Close()
		close(closed)
	})
	work()
	if !stop() {
		<-closed
	}
}

// canceledFirst makes the function run before it waits.
func canceledFirst(parent context.Context, conn io.Closer, work func()) {
	ctx, cancel := context.WithCancel(parent)
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		conn.Close()
		close(closed)
	})
	defer stop()
	work()
	cancel()
	<-closed
}
