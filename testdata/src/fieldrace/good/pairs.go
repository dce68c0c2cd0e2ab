package good

import "sync"

type purse struct {
	id  int
	mu  sync.Mutex
	sum int
}

func lockBoth(a, b *purse) (unlock func()) {
	if a.id > b.id {
		a, b = b, a
	}
	a.mu.Lock()
	b.mu.Lock()
	return func() {
		b.mu.Unlock()
		a.mu.Unlock()
	}
}

func (p *purse) pay(to *purse, n int) {
	defer lockBoth(p, to)()
	p.sum -= n
	to.sum += n
}

// Which lock is whose depends on their numbers.
func Pay() int {
	x, y := &purse{id: 1}, &purse{id: 2}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { x.pay(y, 1) })
		wg.Go(func() { y.pay(x, 2) })
	}
	wg.Wait()
	return x.sum + y.sum
}
