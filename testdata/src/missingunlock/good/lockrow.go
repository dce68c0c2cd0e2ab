package good

import "sync"

// lockRow returns the row with its lock held, found or made.
type gridRow struct {
	mu  sync.Mutex
	val int
}

type grid struct {
	index sync.RWMutex
	rows  map[string]*gridRow
}

func (g *grid) lockRow(key string) *gridRow {
	g.index.RLock()
	r := g.rows[key]
	if r != nil {
		r.mu.Lock()
		g.index.RUnlock()
		return r
	}
	g.index.RUnlock()
	g.index.Lock()
	defer g.index.Unlock()
	if r = g.rows[key]; r == nil {
		r = new(gridRow)
		g.rows[key] = r
	}
	r.mu.Lock()
	return r
}

func (g *grid) update(key string, f func(int) int) int {
	r := g.lockRow(key)
	defer r.mu.Unlock()
	r.val = f(r.val)
	return r.val
}

func (g *grid) sum() (s int) {
	g.index.RLock()
	defer g.index.RUnlock()
	for _, r := range g.rows {
		r.mu.Lock()
		s += r.val
		r.mu.Unlock()
	}
	return s
}
