// Package limits holds what is missed.
package limits

import "sync"

type box struct {
	mu   sync.Mutex
	cond *sync.Cond
	full bool
	x    int
}

func newBox() *box {
	b := &box{}
	b.cond = sync.NewCond(&b.mu)
	return b
}

func (b *box) isFull() bool { return b.full }

// What isFull looks at is not known, so the change is not seen to be one.
func (b *box) take() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	for !b.isFull() {
		b.cond.Wait()
	}
	return b.x
}

func (b *box) Put() {
	b.full = true
	b.cond.Signal()
}

// A branch after the Wait counts as a look, whatever it looks at.
func (b *box) peek(verbose bool) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.full {
		b.cond.Wait()
	}
	if verbose {
		println("woken")
	}
	return b.x
}
