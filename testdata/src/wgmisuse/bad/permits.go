package bad

import (
	"context"
	"sync"
)

// permits bounds how many jobs run, and counts them.
type permits struct {
	free chan struct{}
	wg   sync.WaitGroup
}

func newPermits(n int) *permits {
	p := &permits{free: make(chan struct{}, n)}
	for range n {
		p.free <- struct{}{}
	}
	return p
}

func (p *permits) take() {
	p.wg.Add(1)
	<-p.free
}

func (p *permits) give() {
	p.free <- struct{}{}
	p.wg.Done()
}

type store interface {
	walk(ctx context.Context, names chan<- string)
	remove(ctx context.Context, name string) error
}

func removeAll(ctx context.Context, s store, p *permits, names <-chan string) {
	for name := range names {
		p.take() // want `the Add of p.wg in the goroutine of line \d+ can run after the Wait on line \d+ has returned; call it before the goroutine is started, or wait for that first`
		go func() {
			defer p.give()
			_ = s.remove(ctx, name)
		}()
	}
}

// The goroutine that takes the permits is waited for by nobody.
func expire(ctx context.Context, s store, batch int) {
	p := newPermits(4)
	found := make(chan string, 100)
	go s.walk(ctx, found)
	names := make(chan string, batch)
	go removeAll(ctx, s, p, names)
	for name := range found {
		names <- name
	}
	close(names)
	p.wg.Wait()
}
