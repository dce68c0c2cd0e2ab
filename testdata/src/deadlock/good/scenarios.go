package good

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

func sendWithoutReceiver() int {
	ch := make(chan int, 1)
	ch <- 1
	return <-ch
}

func senderGivesUp(fail bool) int {
	ch := make(chan int)
	go func() {
		if fail {
			close(ch)
			return
		}
		ch <- work(1)
	}()
	return <-ch
}

func lockAgainstChannel() {
	var mu sync.Mutex
	ch := make(chan int)
	go func() {
		mu.Lock()
		mu.Unlock()
		ch <- 1
	}()
	mu.Lock()
	mu.Unlock()
	<-ch
}

func oppositeOrders() {
	var a, b sync.Mutex
	done := make(chan bool)
	go func() {
		a.Lock()
		b.Lock()
		b.Unlock()
		a.Unlock()
		close(done)
	}()
	a.Lock()
	b.Lock()
	b.Unlock()
	a.Unlock()
	<-done
}

func nobodySignals() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	ready := false
	go func() {
		mu.Lock()
		ready = true
		mu.Unlock()
		cond.Broadcast()
	}()
	mu.Lock()
	for !ready {
		cond.Wait()
	}
	mu.Unlock()
}

func nestedGo() error {
	var g errgroup.Group
	g.SetLimit(2)
	g.Go(func() error {
		g.Go(func() error { return nil })
		return nil
	})
	return g.Wait()
}

type handle struct{}

func open() (*handle, error) { return nil, nil }

var opener = open

// A call that returns no error returns a value.
func valueWithoutError() {
	done := make(chan int)
	h, err := opener()
	if err != nil {
		return
	}
	if h != nil {
		go func() { done <- work(1) }()
	}
	<-done
}
