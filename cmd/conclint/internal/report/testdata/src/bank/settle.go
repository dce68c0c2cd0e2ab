package bank

func settle(a, b *account) {
	b.mu.Lock()
	defer b.mu.Unlock()
	transfer(a,
		b,
		1)
}
