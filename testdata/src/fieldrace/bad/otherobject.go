package bad

import "sync"

type account struct {
	mu      sync.Mutex
	balance int
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

// Each account has a lock of its own.
func Transfer(from, to *account, n int) bool {
	from.mu.Lock()
	defer from.mu.Unlock()
	if from.balance < n {
		return false
	}
	from.balance -= n
	to.balance += n // want `write of to.balance under from.mu, the lock of another object, races with the write on line 13; lock to.mu too`
	return true
}
