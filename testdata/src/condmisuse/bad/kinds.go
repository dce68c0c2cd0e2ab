package bad

import "sync"

type bounded struct {
	mu    sync.Mutex
	cond  *sync.Cond
	items []int
	max   int
}

func newBounded(max int) *bounded {
	b := &bounded{max: max}
	b.cond = sync.NewCond(&b.mu)
	return b
}

// The signal can wake another producer instead of a consumer.
func (b *bounded) put(x int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.items) == b.max {
		b.cond.Wait()
	}
	b.items = append(b.items, x)
	b.cond.Signal() // want `b.cond.Signal can wake the waiter on line \d+ for that on line \d+, which then blocks forever: they wait for different things; use Broadcast`
}

func (b *bounded) get() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.items) == 0 {
		b.cond.Wait()
	}
	x := b.items[0]
	b.items = b.items[1:]
	b.cond.Signal()
	return x
}
