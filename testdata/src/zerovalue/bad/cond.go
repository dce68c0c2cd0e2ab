package bad

import "sync"

type queue struct {
	mu    sync.Mutex
	cond  sync.Cond
	items []int
}

// Wait unlocks q.cond.L, which is nil.
func (q *queue) pop() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.cond.Wait() // want `q.cond.Wait panics: q.cond has no Locker, since nothing sets q.cond.L; make it with sync.NewCond`
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

// A Cond is not ready as declared.
func rendezvous(mu *sync.Mutex, ready func() bool) {
	cond := &sync.Cond{}
	go func() {
		mu.Lock()
		defer mu.Unlock()
		cond.Broadcast()
	}()
	mu.Lock()
	defer mu.Unlock()
	for !ready() {
		cond.Wait() // want `cond.Wait panics: cond has no Locker`
	}
}
