// Package good leaves locks where they are.
package good

import "sync"

type account struct {
	mu      sync.Mutex
	balance int
}

func (a *account) deposit(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += n
}

type vault[K comparable] struct {
	sync.RWMutex
	items map[K]string
}

func (v *vault[K]) get(k K) string {
	v.RLock()
	defer v.RUnlock()
	return v.items[k]
}

func work(wg *sync.WaitGroup, job func()) {
	defer wg.Done()
	job()
}

func startWorker(job func()) {
	var wg sync.WaitGroup
	wg.Add(1)
	go work(&wg, job)
	wg.Wait()
}

var audit = func(a *account) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.balance
}

type bank struct {
	accounts map[string]*account
	main     account
}

func (b *bank) mainAccount() *account {
	return &b.main
}

func (b *bank) opener() func() *account {
	return func() *account {
		return &b.main
	}
}

func (b *bank) lookup(name string) int {
	a, ok := b.accounts[name]
	if !ok {
		return 0
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.balance
}

// Only whether the key is there is asked for.
func (b *bank) knows(other map[string]account, name string) bool {
	_, ok := other[name]
	return ok
}

func withNew(*account) *account {
	return new(account)
}
