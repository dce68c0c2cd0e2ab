// Package bad copies locks.
package bad

import "sync"

type account struct {
	mu      sync.Mutex
	balance int
}

// Each call locks a mutex of its own: two deposits are not kept apart, and the
// deposit is lost with the copy.
func (a account) deposit(n int) { // want `account.deposit copies a.mu \(sync.Mutex\) at each call: the two do not exclude each other; use a pointer receiver`
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += n
}

type vault[K comparable] struct {
	sync.RWMutex
	items map[K]string
}

// The reader does not wait for the writer, whose lock is another.
func (v vault[K]) get(k K) string { // want `vault.get copies v.RWMutex \(sync.RWMutex\) at each call: .*`
	v.RLock()
	defer v.RUnlock()
	return v.items[k]
}

// The worker's Done counts down the copy, and the caller waits for ever.
func work(wg sync.WaitGroup, job func()) { // want `work copies wg \(sync.WaitGroup\) at each call: Wait on one misses Done on the other; make it \*sync.WaitGroup`
	defer wg.Done()
	job()
}

func startWorker(job func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	go work(wg, job) // want `call of work copies wg \(sync.WaitGroup\): Wait on one misses Done on the other; pass a pointer`
	wg.Wait()
}

// A literal is no different.
var audit = func(a account) int { // want `this function copies a.mu \(sync.Mutex\) at each call: .*; make it \*account`
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.balance
}

type bank struct {
	accounts map[string]account
	main     account
}

// The caller gets a lock that nobody else takes.
func (b *bank) mainAccount() account {
	return b.main // want `return copies b.main.mu \(sync.Mutex\): .*; return a pointer`
}

func (b *bank) opener() func() account {
	return func() account {
		return b.main // want `return copies b.main.mu .*`
	}
}

func (b *bank) lookup(name string) int {
	a, ok := b.accounts[name] // want `assignment copies b.accounts\[name\].mu \(sync.Mutex\) into a: .*; assign a pointer`
	if !ok {
		return 0
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.balance
}

func withNew(a *account) *account {
	return new(*a) // want `call of new copies a.mu \(sync.Mutex\): .*`
}
