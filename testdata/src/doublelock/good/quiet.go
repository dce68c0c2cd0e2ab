package good

import "sync"

type node struct {
	mu    sync.Mutex
	n     int
	left  *node
	right *node
	busy  bool
}

// Two instances of one type.
func (a *node) add(b *node) {
	a.mu.Lock()
	defer a.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	a.n += b.n
}

// Parent and child.
func (a *node) sum() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := a.n
	if a.left != nil {
		n += a.left.sum()
	}
	return n
}

// Released around the call.
func (a *node) around() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.mu.Unlock()
	n := a.sum()
	a.mu.Lock()
	return n
}

// The caller's lock is released first.
func (a *node) dropped() int {
	a.mu.Unlock()
	defer a.mu.Lock()
	return a.sum()
}

func (a *node) callsDropped() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.dropped()
}

// A parameter tells whether to lock.
func (a *node) get(lock bool) int {
	if lock {
		a.mu.Lock()
		defer a.mu.Unlock()
	}
	return a.n
}

func (a *node) callsGet() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.get(false)
}

// Another goroutine may wait for the lock.
func (a *node) spawns() {
	a.mu.Lock()
	defer a.mu.Unlock()
	go a.sum()
}

// The name means another object.
func walk(a *node) {
	for a != nil {
		a.mu.Lock()
		next := a.right
		a.mu.Unlock()
		a = next
	}
}

func (a *node) child(all []*node) {
	for i := range all {
		all[i].mu.Lock()
	}
	for i := range all {
		all[i].mu.Unlock()
	}
}

type readers struct {
	mu sync.RWMutex // nobody writes
	n  int
}

func (r *readers) a() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.n
}

func (r *readers) b() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.a()
}

// Exclusive branches.
func (a *node) branches(x bool) int {
	if x {
		a.mu.Lock()
	}
	if !x {
		a.mu.Lock()
	}
	defer a.mu.Unlock()
	return a.n
}
