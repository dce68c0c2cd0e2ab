package good

import (
	"context"
	"sync"
)

// The Cond waits with the read lock, which the starter takes for the goroutine.
type gauge struct {
	sync.RWMutex
	changed *sync.Cond
	n       int
}

func newGauge() *gauge {
	g := &gauge{}
	g.changed = sync.NewCond(g.RLocker())
	return g
}

func (g *gauge) Set(n int) {
	g.Lock()
	g.n = n
	g.changed.Broadcast()
	g.Unlock()
}

func (g *gauge) Watch(ctx context.Context) <-chan int {
	c := make(chan int, 1)
	g.RLock()
	n := g.n
	c <- n
	done := make(chan struct{})
	go func() {
		select {
		case <-ctx.Done():
			g.Lock()
			g.changed.Broadcast()
			g.Unlock()
		case <-done:
		}
	}()
	go func() {
		defer close(c)
		defer close(done)
		defer g.RUnlock()
		for ctx.Err() == nil {
			if n == g.n {
				g.changed.Wait()
				continue
			}
			n = g.n
			select {
			case c <- n:
			case <-ctx.Done():
				return
			}
		}
	}()
	return c
}
