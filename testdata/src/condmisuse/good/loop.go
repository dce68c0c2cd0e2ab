// Package good is the repaired twin of bad.
package good

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

func (q *queue) popOnce() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.cond.Wait()
	}
	x := q.items[0]
	q.items = q.items[1:]
	return x
}

func (q *queue) drain(use func(int)) {
	for {
		q.mu.Lock()
		for len(q.items) == 0 {
			q.cond.Wait()
		}
		x := q.items[0]
		q.items = q.items[1:]
		q.mu.Unlock()
		use(x)
	}
}

func waitReady(mu *sync.Mutex, ready *bool, use func()) {
	cond := sync.NewCond(mu)
	go func() {
		mu.Lock()
		*ready = true
		cond.Broadcast()
		mu.Unlock()
	}()
	cond.L.Lock()
	for !*ready {
		println("waiting")
		cond.Wait()
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

// The condition is looked at again at the top of the loop.
func (q *queue) take(use func(int)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		if len(q.items) > 0 {
			x := q.items[0]
			q.items = q.items[1:]
			use(x)
			return
		}
		q.cond.Wait()
	}
}

// An if in a loop that begins anew after it.
func (q *queue) each(use func(int)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		if len(q.items) == 0 {
			q.cond.Wait()
			continue
		}
		use(q.items[0])
		q.items = q.items[1:]
	}
}

// The caller looks again.
func (q *queue) pause() {
	if len(q.items) == 0 {
		q.cond.Wait()
	}
}

// What happened is told by the next signal, whatever it is.
func (q *queue) changed() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.cond.Wait()
	return len(q.items)
}

// In each turn the loop looks again, whatever it does to its variables.
func (q *queue) read(p []int) (n int, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(p) > 0 {
		m := copy(p, q.items)
		n += m
		if m == 0 {
			q.cond.Wait()
			p = p[m:]
			err = nil
			continue
		}
		break
	}
	return n, err
}

func (q *queue) takeNext() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.cond.Wait()
	}
	x := q.items[0]
	q.items = q.items[1:]
	return x
}

// A wakeup that is remembered: whoever waits looks again.
type latch struct {
	mu   sync.Mutex
	cond *sync.Cond
	set  bool
}

func newLatch() *latch {
	l := &latch{}
	l.cond = sync.NewCond(&l.mu)
	return l
}

func (l *latch) open() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.set = true
	l.cond.Signal()
}

func (l *latch) wait() {
	l.mu.Lock()
	if !l.set {
		l.cond.Wait()
	}
	l.set = false
	l.mu.Unlock()
}

// It looks at both again.
func (q *queue) takeOrClosed() (int, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 && !q.closed {
		q.cond.Wait()
	}
	if q.closed && len(q.items) == 0 {
		return 0, false
	}
	x := q.items[0]
	q.items = q.items[1:]
	return x, true
}

// It waits once, and looks at the items before it takes one.
func (q *queue) takeIfAny() (int, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 && !q.closed {
		q.cond.Wait()
	}
	if len(q.items) == 0 {
		return 0, false
	}
	x := q.items[0]
	q.items = q.items[1:]
	return x, true
}
