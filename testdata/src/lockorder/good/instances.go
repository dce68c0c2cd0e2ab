package good

import "sync"

type account struct {
	mu      sync.Mutex
	id      int
	balance int
}

// An order of their own.
func (a *account) transfer(to *account, n int) {
	first, second := a, to
	if to.id < a.id {
		first, second = to, a
	}
	first.mu.Lock()
	defer first.mu.Unlock()
	second.mu.Lock()
	defer second.mu.Unlock()
	a.balance -= n
	to.balance += n
}

func (a *account) value() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.balance
}

// One after the other.
func (a *account) sum(b *account) int {
	value := b.value()
	a.mu.Lock()
	defer a.mu.Unlock()
	return value + a.balance
}

// Parent and child are no two of a kind: nobody calls it the other way round.
type node struct {
	mu       sync.Mutex
	children []*node
	n        int
}

func (n *node) sum() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	total := n.n
	for _, c := range n.children {
		total += c.sum()
	}
	return total
}
