package bad

import "sync"

// gauge has one place that takes the lock.
type gauge struct {
	mu  sync.Mutex
	sum int
	max int
}

func (g *gauge) locked(f func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f()
}

func (g *gauge) Add(n int) {
	g.locked(func() {
		g.sum += n
		g.max = max(g.max, n)
	})
}

func (g *gauge) Reset() {
	g.locked(func() { g.sum = 0 })
}

func (g *gauge) Sum() int {
	return g.sum // want `read of g.sum without g.mu races with the write on line \d+: 2 of 3 accesses hold mu; lock it here too`
}
