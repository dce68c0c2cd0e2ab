package good

import "context"

func (p *pool) crawl(url string, links func(string) []string) {
	p.slots <- struct{}{}
	found := links(url)
	<-p.slots
	for _, l := range found {
		p.crawl(l, links)
	}
}

func visitAll(root string, links func(string) []string) {
	sem := make(chan struct{}, 4)
	var visit func(string)
	visit = func(url string) {
		sem <- struct{}{}
		found := links(url)
		<-sem
		for _, l := range found {
			visit(l)
		}
	}
	visit(root)
}

func walk(sem chan struct{}, n *node, visit func(*node)) {
	sem <- struct{}{}
	visit(n)
	<-sem
	for _, k := range n.kids {
		walk(sem, k, visit)
	}
}

type node struct{ kids []*node }

func (p *pool) twoSlots(ctx context.Context, work func()) {
	p.slots <- struct{}{}
	work()
	<-p.slots
	p.slots <- struct{}{}
	work()
	<-p.slots
}

func (p *pool) throughHelper(ctx context.Context, work func()) error {
	return p.helper(ctx, work)
}

func (p *pool) helper(ctx context.Context, work func()) error {
	if err := p.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	defer p.sem.Release(1)
	work()
	return nil
}

func (p *pool) spawnDeeper(url string, links func(string) []string) {
	p.slots <- struct{}{}
	go func() {
		found := links(url)
		<-p.slots
		for _, l := range found {
			p.spawnDeeper(l, links)
		}
	}()
}

// otherPool takes a slot of another one.
func (p *pool) otherPool(q *pool, work func()) {
	p.slots <- struct{}{}
	defer func() { <-p.slots }()
	q.enterAndWork(work)
}

func (p *pool) enterAndWork(work func()) {
	p.slots <- struct{}{}
	defer func() { <-p.slots }()
	work()
}

// tryDeeper works by itself when there is no other slot.
func (p *pool) tryDeeper(n *node, visit func(*node)) {
	p.slots <- struct{}{}
	defer func() { <-p.slots }()
	for _, k := range n.kids {
		select {
		case p.slots <- struct{}{}:
			go func() {
				defer func() { <-p.slots }()
				visit(k)
			}()
		default:
			visit(k)
		}
	}
}
