package good

import "sync"

type account struct {
	mu      sync.Mutex
	balance int
	owner   string
}

func (a *account) Deposit(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += n
}

func (a *account) Balance() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.balance
}

// Each of the two under its own lock.
func Transfer(from, to *account, n int) bool {
	from.mu.Lock()
	if from.balance < n {
		from.mu.Unlock()
		return false
	}
	from.balance -= n
	from.mu.Unlock()
	to.Deposit(n)
	return true
}

// A new account is nobody else's yet.
func Split(from *account, n int) *account {
	to := &account{owner: from.owner}
	from.mu.Lock()
	defer from.mu.Unlock()
	from.balance -= n
	to.balance += n
	return to
}

// The lock of the tree's root guards what hangs below it, too.
type forest struct {
	mu       sync.Mutex
	children []*forest
	depth    int
}

func (t *forest) Add(child *forest) {
	t.mu.Lock()
	defer t.mu.Unlock()
	child.depth = t.depth + 1
	t.children = append(t.children, child)
}

func (t *forest) Depths(child *forest) (int, int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.depth, child.depth
}

func (t *forest) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.children)
}
