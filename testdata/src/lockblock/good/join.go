package good

import (
	"sync"
	"time"
)

type ticker struct {
	mu      sync.Mutex
	other   sync.Mutex
	n       int
	stop    chan struct{}
	stopped chan struct{}
	first   chan struct{}
}

func newTicker() *ticker {
	t := &ticker{stop: make(chan struct{}), stopped: make(chan struct{}), first: make(chan struct{})}
	go t.run()
	return t
}

func (t *ticker) run() {
	defer close(t.stopped)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	close(t.first)
	for {
		select {
		case <-tick.C:
			t.count()
		case <-t.stop:
			return
		}
	}
}

func (t *ticker) count() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n++
}

// The lock is let go before the wait.
func (t *ticker) Stop() {
	t.mu.Lock()
	close(t.stop)
	t.mu.Unlock()
	<-t.stopped
}

// What is waited for is not the end, but what comes before the loop.
func (t *ticker) Ready() {
	t.mu.Lock()
	defer t.mu.Unlock()
	<-t.first
}

// Another lock is held.
func (t *ticker) Close() {
	t.other.Lock()
	defer t.other.Unlock()
	<-t.stopped
}

// The wait is for the goroutine of another object than the one that is locked.
func (t *ticker) Follow(next *ticker) {
	t.mu.Lock()
	defer t.mu.Unlock()
	<-next.stopped
}
