package good

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
	sum := 0
	g.locked(func() { sum = g.sum })
	return sum
}
