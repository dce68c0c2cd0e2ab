package bank

import "sync"

type account struct {
	mu      sync.Mutex
	balance int
}

func deposit(to *account, n int) {
	to.mu.Lock()
	defer to.mu.Unlock()
	to.balance += n
}

func transfer(from, to *account, n int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock() // reverses the order
	defer to.mu.Unlock()
	from.balance -= n
	to.balance += n
}

func audit(accounts []account) (sum int) {
	for _, a := range accounts {
		sum += a.balance
	}
	return sum
}
