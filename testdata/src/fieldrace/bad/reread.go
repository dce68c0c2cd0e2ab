package bad

import "sync"

type node struct{ done chan struct{} }

func (n *node) wait() { <-n.done }

func (n *node) stop() {}

type runner struct {
	mu   sync.Mutex
	node *node
	err  error
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

// The node can exit between the check and the call.
func (r *runner) Stop() {
	r.mu.Lock()
	if r.node == nil {
		r.mu.Unlock()
		return
	}
	r.mu.Unlock()
	r.node.stop() // want `read of r.node past the unlock races with the write on line 28, under r.mu, which takes away what was read on line 35; keep that in a variable`
}
