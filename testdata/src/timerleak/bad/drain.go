package bad

import (
	"context"
	"io"
	"sync"
	"time"
)

// drainTwice receives the value in the select; Stop then returns false, and
// the second receive has nobody to send to it.
func drainTwice(in <-chan int, use func(int)) {
	timer := time.NewTimer(time.Minute)
	for {
		select {
		case v := <-in:
			use(v)
		case <-timer.C:
			use(-1)
		}
		if !timer.Stop() {
			<-timer.C // want `<-timer.C blocks forever after the receive on line \d+: Stop returns false and the channel is empty; drain only if nothing was received`
		}
		timer.Reset(time.Minute)
	}
}

// drainAtReturn does the same when the function returns.
func drainAtReturn(in <-chan int) int {
	timer := time.NewTimer(time.Minute)
	defer func() {
		if !timer.Stop() {
			<-timer.C // want `<-timer.C blocks forever after the receive on line \d+`
		}
	}()
	select {
	case v := <-in:
		return v
	case <-timer.C:
		return -1
	}
}

// receiveFromAfterFunc waits at a nil channel.
func receiveFromAfterFunc(work func()) {
	timer := time.AfterFunc(time.Second, work)
	<-timer.C // want `<-timer.C blocks forever: a timer of time.AfterFunc \(line \d+\) has no channel; let its function signal`
}

// pollLength asks for a length that is always zero.
func pollLength(timer *time.Timer) bool {
	return len(timer.C) > 0 // want `len\(timer.C\) is always 0 since go1.23, also when a value is ready; receive in a select with a default`
}

// waitForStopped counts on a function that Stop has kept from running.
func waitForStopped(work func(), hurry <-chan struct{}) {
	var wg sync.WaitGroup
	wg.Add(1)
	timer := time.AfterFunc(time.Minute, func() {
		defer wg.Done()
		work()
	})
	<-hurry
	timer.Stop() // want `the wait for wg on line \d+ blocks forever if timer.Stop\(\) came before the timer fired; look at its result`
	wg.Wait()
}

// receiveFromStopped does the same with a channel.
func receiveFromStopped(work func(), hurry <-chan struct{}) {
	done := make(chan struct{})
	timer := time.AfterFunc(time.Minute, func() {
		work()
		close(done)
	})
	<-hurry
	timer.Stop() // want `the wait for done on line \d+ blocks forever if timer.Stop\(\) came before the timer fired`
	<-done
}

// receiveFromDetached waits for what is not to happen any more.
func receiveFromDetached(ctx context.Context, conn io.Closer, work func()) {
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		conn.Close()
		close(closed)
	})
	work()
	stop() // want `the wait for closed on line \d+ blocks forever if stop\(\) came before ctx was done; look at its result`
	<-closed
}
