package good

import "sync"

type gated struct {
	gate       sync.Mutex
	left, both sync.Mutex
	ra, rb     sync.RWMutex
}

// Under a third lock.
func (g *gated) one() {
	g.gate.Lock()
	defer g.gate.Unlock()
	g.left.Lock()
	g.both.Lock()
	g.both.Unlock()
	g.left.Unlock()
}

func (g *gated) two() {
	g.gate.Lock()
	defer g.gate.Unlock()
	g.swapped()
}

func (g *gated) swapped() {
	g.both.Lock()
	g.left.Lock()
	g.left.Unlock()
	g.both.Unlock()
}

// Only read.
func (g *gated) reads() {
	g.ra.RLock()
	g.rb.RLock()
	g.rb.RUnlock()
	g.ra.RUnlock()
}

func (g *gated) readsBack() {
	g.rb.RLock()
	g.ra.RLock()
	g.ra.RUnlock()
	g.rb.RUnlock()
}

type tree struct {
	mu    sync.Mutex
	leaf  *leaf
	other sync.Mutex
}

type leaf struct {
	mu sync.Mutex
	t  *tree
}

// Not shared yet.
func newLeaf(t *tree) *leaf {
	l := &leaf{t: t}
	l.mu.Lock()
	t.mu.Lock()
	t.leaf = l
	t.mu.Unlock()
	l.mu.Unlock()
	return l
}

func (t *tree) touch() {
	t.mu.Lock()
	t.leaf.mu.Lock()
	t.leaf.mu.Unlock()
	t.mu.Unlock()
}

// TryLock does not wait.
func (l *leaf) try() {
	l.mu.Lock()
	if l.t.mu.TryLock() {
		l.t.mu.Unlock()
	}
	l.mu.Unlock()
}

// The caller's lock is dropped meanwhile.
func (t *tree) drop() {
	t.other.Lock()
	t.dropped()
	t.other.Unlock()
}

func (t *tree) dropped() {
	t.other.Unlock()
	t.mu.Lock()
	t.mu.Unlock()
	t.other.Lock()
}

func (t *tree) usual() {
	t.mu.Lock()
	t.other.Lock()
	t.other.Unlock()
	t.mu.Unlock()
}
