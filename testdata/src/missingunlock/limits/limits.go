// Package limits holds what missingunlock does not see.
package limits

import "sync"

type node struct {
	mu   sync.Mutex
	next *node
	n    int
}

// The name comes to mean another object.
func renamed(n *node) {
	for n != nil {
		n.mu.Lock()
		if n.n == 0 {
			n = n.next
			continue
		}
		m := n.next
		n.mu.Unlock()
		n = m
	}
}

// What is not seen may panic.
func panics(n *node, f func()) {
	defer func() { recover() }()
	n.mu.Lock()
	f()
	n.mu.Unlock()
}
