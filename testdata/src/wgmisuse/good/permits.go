package good

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
		p.take()
		go func() {
			defer p.give()
			_ = s.remove(ctx, name)
		}()
	}
}

// The goroutine that takes the permits has ended before the Wait.
func expire(ctx context.Context, s store, batch int) {
	p := newPermits(4)
	found := make(chan string, 100)
	go s.walk(ctx, found)
	names := make(chan string, batch)
	taken := make(chan struct{})
	go func() {
		defer close(taken)
		removeAll(ctx, s, p, names)
	}()
	for name := range found {
		names <- name
	}
	close(names)
	<-taken
	p.wg.Wait()
}

// The goroutine is counted itself: there is no zero before it ends.
func expireCounted(ctx context.Context, s store, names <-chan string) {
	p := newPermits(4)
	p.wg.Add(1)
	go func() {
		defer p.wg.Done()
		removeAll(ctx, s, p, names)
	}()
	p.wg.Wait()
}

// What others count there is not known.
func expireFor(ctx context.Context, s store, p *permits, names <-chan string) {
	go removeAll(ctx, s, p, names)
	p.wg.Wait()
}
