package bad

import "context"

// crawl holds its slot while it crawls the links: a chain of links as long as
// there are slots hangs.
func (p *pool) crawl(url string, links func(string) []string) {
	p.slots <- struct{}{}
	defer func() { <-p.slots }()
	for _, l := range links(url) {
		p.crawl(l, links) // want `p.crawl waits for a slot of p.slots \(line \d+\) with one held since line \d+: blocks forever when all are held so; release it before`
	}
}

// visitAll does so with a function in a variable.
func visitAll(root string, links func(string) []string) {
	sem := make(chan struct{}, 4)
	var visit func(string)
	visit = func(url string) {
		sem <- struct{}{}
		defer func() { <-sem }()
		for _, l := range links(url) {
			visit(l) // want `visit waits for a slot of sem \(line \d+\) with one held since line \d+`
		}
	}
	visit(root)
}

// walk passes the semaphore along.
func walk(sem chan struct{}, n *node, visit func(*node)) {
	sem <- struct{}{}
	visit(n)
	for _, k := range n.kids {
		walk(sem, k, visit) // want `walk waits for a slot of sem \(line \d+\) with one held since line \d+`
	}
	<-sem
}

type node struct{ kids []*node }

// twoSlots needs two at a time: each of the callers can get one.
func (p *pool) twoSlots(ctx context.Context, work func()) {
	p.slots <- struct{}{}
	p.slots <- struct{}{} // want `this waits for a slot of p.slots with one held since line \d+: blocks forever when all are held so; release it before`
	work()
	<-p.slots
	<-p.slots
}

// throughHelper takes the second in a method that it calls.
func (p *pool) throughHelper(ctx context.Context, work func()) error {
	if err := p.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	defer p.sem.Release(1)
	return p.helper(ctx, work) // want `p.helper waits for a slot of p.sem \(line \d+\) with one held since line \d+`
}

func (p *pool) helper(ctx context.Context, work func()) error {
	if err := p.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	defer p.sem.Release(1)
	work()
	return nil
}

// spawnDeeper hands its slot to a goroutine, which waits for more.
func (p *pool) spawnDeeper(url string, links func(string) []string) {
	p.slots <- struct{}{}
	go func() {
		defer func() { <-p.slots }()
		for _, l := range links(url) {
			p.spawnDeeper(l, links) // want `p.spawnDeeper waits for a slot of p.slots \(line \d+\) with one held since line \d+`
		}
	}()
}
