package bad

import "sync"

type account struct {
	mu      sync.Mutex
	id      int
	balance int
}

// a.transfer(b) holds a and waits for b, b.transfer(a) the other way round.
func (a *account) transfer(to *account, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	to.mu.Lock() // want `to\.mu is locked while a\.mu is held: a call with a and to swapped, at the same time, blocks both forever; use an order of their own`
	defer to.mu.Unlock()
	a.balance -= n
	to.balance += n
}

func (a *account) value() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.balance
}

// The second lock is taken in a call.
func (a *account) sum(b *account) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return b.value() + a.balance // want `the call locks b\.mu \(instances\.go:\d+\) while a\.mu is held`
}
