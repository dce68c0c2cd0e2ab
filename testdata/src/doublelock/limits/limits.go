// Package limits holds what doublelock does not see.
package limits

import "sync"

type parent struct {
	mu    sync.Mutex
	child *child
}

type child struct{ parent *parent }

func (p *parent) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return 1
}

func (c *child) ask() int { return c.parent.count() }

// That the child's parent is the receiver is nowhere said.
func (p *parent) backPointer() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.child.ask()
}
