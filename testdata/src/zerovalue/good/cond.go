package good

import "sync"

type queue struct {
	mu    sync.Mutex
	cond  sync.Cond
	items []int
}

func newQueue() *queue {
	q := new(queue)
	q.cond.L = &q.mu
	return q
}

func (q *queue) pop() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.cond.Wait()
	}
	x := q.items[0]
	q.items = q.items[1:]
	return x
}

func (q *queue) push(x int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, x)
	q.cond.Signal()
}

func rendezvous(mu *sync.Mutex, ready func() bool) {
	cond := sync.NewCond(mu)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		cond.Broadcast()
	}()
	mu.Lock()
	defer mu.Unlock()
	for !ready() {
		cond.Wait()
	}
}

// The whole Cond is set.
type inbox struct {
	mu   sync.Mutex
	cond *sync.Cond
	n    int
}

func newInbox() *inbox {
	b := &inbox{}
	b.cond = sync.NewCond(&b.mu)
	return b
}

func (b *inbox) wait() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.n == 0 {
		b.cond.Wait()
	}
}

// The Locker is set by somebody else.
func lend(setup func(*sync.Cond), ready func() bool) {
	cond := new(sync.Cond)
	setup(cond)
	cond.L.Lock()
	defer cond.L.Unlock()
	for !ready() {
		cond.Wait()
	}
}
