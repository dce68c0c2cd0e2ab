package good

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
)

func (p *pool) count(n *node) int {
	p.slots <- struct{}{}
	kids := n.kids
	<-p.slots
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 1
	for _, k := range kids {
		wg.Go(func() {
			below := p.count(k)
			mu.Lock()
			total += below
			mu.Unlock()
		})
	}
	wg.Wait()
	return total
}

func (p *pool) depth(n *node) int {
	p.slots <- struct{}{}
	found := make(chan int, len(n.kids))
	for _, k := range n.kids {
		go func() { found <- p.depth(k) }()
	}
	<-p.slots
	deepest := 0
	for range n.kids {
		deepest = max(deepest, <-found)
	}
	return deepest + 1
}

func (p *pool) build(ctx context.Context, n *node, one func(*node) error) error {
	g, below := errgroup.WithContext(ctx)
	for _, k := range n.kids {
		g.Go(func() error { return p.build(below, k, one) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := p.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	defer p.sem.Release(1)
	return one(n)
}

func (p *pool) paint(n *node, one func(*node)) {
	var wg sync.WaitGroup
	for _, k := range n.kids {
		wg.Add(1)
		go func() {
			defer wg.Done()
			p.slots <- struct{}{}
			one(k)
			<-p.slots
			p.paint(k, one)
		}()
	}
	wg.Wait()
}

func (p *pool) prune(n *node, one func(*node), wg *sync.WaitGroup) {
	defer wg.Done()
	var below sync.WaitGroup
	for _, k := range n.kids {
		below.Add(1)
		go p.prune(k, one, &below)
	}
	below.Wait()
	p.slots <- struct{}{}
	one(n)
	<-p.slots
}

// level has a slot while its children take theirs, but they have no children: one slot
// more than there are callers will do.
func (p *pool) level(n *node, one func(*node)) {
	p.slots <- struct{}{}
	defer func() { <-p.slots }()
	var wg sync.WaitGroup
	for _, k := range n.kids {
		wg.Go(func() { p.leaf(k, one) })
	}
	wg.Wait()
}

func (p *pool) leaf(n *node, one func(*node)) {
	p.slots <- struct{}{}
	defer func() { <-p.slots }()
	one(n)
}

// grow goes on in goroutines that nobody waits for with a slot.
func (p *pool) grow(n *node, one func(*node), all *sync.WaitGroup) {
	p.slots <- struct{}{}
	defer func() { <-p.slots }()
	one(n)
	for _, k := range n.kids {
		all.Go(func() { p.grow(k, one, all) })
	}
}

// inline goes on itself when no slot is free.
func (p *pool) inline(n *node, one func(*node)) {
	one(n)
	var wg sync.WaitGroup
	for _, k := range n.kids {
		select {
		case p.slots <- struct{}{}:
			wg.Go(func() {
				defer func() { <-p.slots }()
				p.inline(k, one)
			})
		default:
			p.inline(k, one)
		}
	}
	wg.Wait()
}
