package good

import "sync"

// A portal is entered by a call that locks, and returns how to leave it.
type portal struct {
	cond     *sync.Cond
	items    []int
	stopping bool
}

func newPortal() *portal { return &portal{cond: sync.NewCond(new(sync.Mutex))} }

func (g *portal) enter() func() {
	g.cond.L.Lock()
	return g.cond.L.Unlock
}

func (g *portal) get() (int, bool) {
	defer g.enter()()
	for len(g.items) == 0 && !g.stopping {
		g.cond.Wait()
	}
	if len(g.items) == 0 {
		return 0, false
	}
	v := g.items[0]
	g.items = g.items[1:]
	return v, true
}

func (g *portal) put(v int) {
	defer g.enter()()
	g.items = append(g.items, v)
	g.cond.Broadcast()
}

func (g *portal) stop() {
	defer g.enter()()
	g.stopping = true
	g.cond.Broadcast()
}
