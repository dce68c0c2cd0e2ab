package good

import "sync"

type node struct{ done chan struct{} }

func (n *node) wait() { <-n.done }

func (n *node) stop() {}

type runner struct {
	mu    sync.Mutex
	node  *node
	first *node
}

func (r *runner) Start() {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := &node{done: make(chan struct{})}
	r.node = n
	go r.exit(n)
}

func (r *runner) exit(n *node) {
	n.wait()
	r.mu.Lock()
	r.node = nil
	r.mu.Unlock()
}

// What was found under the lock is kept.
func (r *runner) Stop() {
	r.mu.Lock()
	n := r.node
	r.mu.Unlock()
	if n == nil {
		return
	}
	n.stop()
}

// What is set once, and seen set, stays.
func (r *runner) First() *node {
	r.mu.Lock()
	if r.first == nil {
		r.first = &node{done: make(chan struct{})}
	}
	r.mu.Unlock()
	return r.first
}
