package bad

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
)

// count waits for goroutines that want a slot as it has one: when the parents have them
// all, no child gets any.
func (p *pool) count(n *node) int {
	p.slots <- struct{}{}
	defer func() { <-p.slots }()
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 1
	for _, k := range n.kids {
		wg.Go(func() {
			below := p.count(k)
			mu.Lock()
			total += below
			mu.Unlock()
		})
	}
	wg.Wait() // want `wg.Wait waits for goroutines that want a slot of p.slots, and holds one since line \d+: blocks forever when all are held so; release it before`
	return total
}

// depth waits for what they send.
func (p *pool) depth(n *node) int {
	p.slots <- struct{}{}
	found := make(chan int, len(n.kids))
	for _, k := range n.kids {
		go func() { found <- p.depth(k) }()
	}
	deepest := 0
	for range n.kids {
		deepest = max(deepest, <-found) // want `this waits for goroutines that want a slot of p.slots, and holds one since line \d+`
	}
	<-p.slots
	return deepest + 1
}

// build waits for a group with an error.
func (p *pool) build(ctx context.Context, n *node, one func(*node) error) error {
	if err := p.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	defer p.sem.Release(1)
	g, ctx := errgroup.WithContext(ctx)
	for _, k := range n.kids {
		g.Go(func() error { return p.build(ctx, k, one) })
	}
	if err := g.Wait(); err != nil { // want `g.Wait waits for goroutines that want a slot of p.sem`
		return err
	}
	return one(n)
}

// paint takes the slot in the goroutine, which holds it until all below are painted.
func (p *pool) paint(n *node, one func(*node)) {
	var wg sync.WaitGroup
	for _, k := range n.kids {
		wg.Add(1)
		go func() {
			defer wg.Done()
			p.slots <- struct{}{}
			defer func() { <-p.slots }()
			one(k)
			p.paint(k, one) // want `p.paint waits for a slot of p.slots \(line \d+\) with one held since line \d+`
		}()
	}
	wg.Wait()
}

// prune starts the method itself.
func (p *pool) prune(n *node, one func(*node), wg *sync.WaitGroup) {
	defer wg.Done()
	p.slots <- struct{}{}
	var below sync.WaitGroup
	for _, k := range n.kids {
		below.Add(1)
		go p.prune(k, one, &below)
	}
	below.Wait() // want `below.Wait waits for goroutines that want a slot of p.slots`
	one(n)
	<-p.slots
}
