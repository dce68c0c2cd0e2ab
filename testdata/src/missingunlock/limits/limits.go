// Package limits holds what missingunlock does not see.
package limits

import "sync"

type plugin interface{ run() }

type node struct {
	mu sync.Mutex
	n  int
}

// A method of what is not seen may panic.
func panics(n *node, p plugin) {
	defer func() { recover() }()
	n.mu.Lock()
	p.run()
	n.mu.Unlock()
}

// The lock of the turn is left locked, and what has it is given away as well.
func given(nodes []*node, show func(*node)) {
	for _, n := range nodes {
		n.mu.Lock()
		if n.n == 0 {
			show(n)
			continue
		}
		n.mu.Unlock()
	}
}
