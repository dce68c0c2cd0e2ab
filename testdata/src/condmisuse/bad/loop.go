// Package bad uses Conds in the wrong way.
package bad

import "sync"

type queue struct {
	mu     sync.Mutex
	cond   *sync.Cond
	closed bool
	items  []int
}

func newQueue() *queue {
	q := &queue{}
	q.cond = sync.NewCond(&q.mu)
	return q
}

// Two goroutines wait, one item comes: the second to wake up finds none and
// panics.
func (q *queue) popOnce() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		q.cond.Wait() // want `q.cond.Wait is not in a loop: the condition on line \d+ can be false again when it returns; use for instead of if`
	}
	x := q.items[0]
	q.items = q.items[1:]
	return x
}

// The loop around is another one: it takes an item in each turn.
func (q *queue) drain(use func(int)) {
	for {
		q.mu.Lock()
		if len(q.items) == 0 {
			q.cond.Wait() // want `q.cond.Wait is not in a loop`
		}
		x := q.items[0]
		q.items = q.items[1:]
		q.mu.Unlock()
		use(x)
	}
}

// A second change between the wakeup and the lock makes ready false again.
func waitReady(mu *sync.Mutex, ready *bool, use func()) {
	cond := sync.NewCond(mu)
	go func() {
		mu.Lock()
		*ready = true
		cond.Broadcast()
		mu.Unlock()
	}()
	cond.L.Lock()
	if !*ready {
		println("waiting")
		cond.Wait() // want `cond.Wait is not in a loop`
	}
	use()
	cond.L.Unlock()
}

func (q *queue) push(x int) {
	q.mu.Lock()
	q.items = append(q.items, x)
	q.mu.Unlock()
	q.cond.Signal()
}

// An item that was pushed before is not waited for.
func (q *queue) takeNext() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.cond.Wait() // want `q.cond.Wait looks at no condition: a signal before it may be missed, and then it blocks forever; wait in a loop over the condition`
	x := q.items[0]
	q.items = q.items[1:]
	return x
}

// It looks at the flag again, and at the items only when that is set: another goroutine
// can have taken the item.
func (q *queue) takeOrClosed() (int, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 && !q.closed {
		q.cond.Wait() // want `q.cond.Wait is not in a loop`
	}
	if q.closed && len(q.items) == 0 {
		return 0, false
	}
	x := q.items[0]
	q.items = q.items[1:]
	return x, true
}
