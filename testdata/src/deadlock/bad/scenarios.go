package bad

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

// No other goroutine can receive.
func sendWithoutReceiver() int {
	ch := make(chan int)
	ch <- 1 // want `send on ch blocks forever: no other goroutine can end it`
	return <-ch
}

// The goroutine returns without its send.
func senderGivesUp(fail bool) int {
	ch := make(chan int)
	go func() {
		if fail {
			return
		}
		ch <- work(1)
	}()
	return <-ch // want `receive from ch blocks forever if the function literal returns on line \d+`
}

// Each waits for what the other holds or sends.
func lockAgainstChannel() {
	var mu sync.Mutex
	ch := make(chan int)
	go func() {
		mu.Lock()
		ch <- 1 // want `send on ch blocks forever: mu.Lock on line \d+ waits too, under some schedule`
		mu.Unlock()
	}()
	mu.Lock()
	defer mu.Unlock()
	<-ch // want `receive from ch blocks forever: mu.Lock on line \d+ waits too, under some schedule`
}

// Two locks in opposite orders.
func oppositeOrders() {
	var a, b sync.Mutex
	done := make(chan bool)
	go func() {
		b.Lock()
		a.Lock() // want `blocks forever`
		a.Unlock()
		b.Unlock()
		close(done)
	}()
	a.Lock()
	b.Lock()
	b.Unlock()
	a.Unlock()
	<-done
}

// The signal comes from nobody.
func nobodySignals() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	ready := false
	mu.Lock()
	for !ready {
		cond.Wait() // want `cond.Wait blocks forever: no other goroutine can end it`
	}
	mu.Unlock()
}

// The group is full with the goroutine that wants to start another one.
func nestedGo() error {
	var g errgroup.Group
	g.SetLimit(1)
	g.Go(func() error {
		g.Go(func() error { return nil }) // want `g.Go blocks forever`
		return nil
	})
	return g.Wait()
}
