package bad

import "sync"

// A Quota has units that callers take as many of as they need.
type Quota struct {
	mu    sync.Mutex
	freed *sync.Cond
	free  int
}

// NewQuota returns one of n units.
func NewQuota(n int) *Quota {
	q := &Quota{free: n}
	q.freed = sync.NewCond(&q.mu)
	return q
}

// Take waits for n units.
func (q *Quota) Take(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.free < n {
		q.freed.Wait()
	}
	q.free -= n
}

// Give gives n units back.
func (q *Quota) Give(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.free += n
	q.freed.Signal() // want `q.freed.Signal wakes one of those in Wait on line 24, each of which has its own n: if that one cannot go on, the others sleep on; use Broadcast`
}

// A Counter serves by ticket.
type Counter struct {
	mu            sync.Mutex
	cond          *sync.Cond
	next, serving int
}

// NewCounter returns one that nobody waits at.
func NewCounter() *Counter {
	c := new(Counter)
	c.cond = sync.NewCond(&c.mu)
	return c
}

// Enter waits for its turn.
func (c *Counter) Enter() {
	c.mu.Lock()
	defer c.mu.Unlock()
	ticket := c.next
	c.next++
	for c.serving != ticket {
		c.cond.Wait()
	}
}

// Leave lets in whose ticket is next.
func (c *Counter) Leave() {
	c.mu.Lock()
	c.serving++
	c.mu.Unlock()
	c.cond.Signal() // want `c.cond.Signal wakes one of those in Wait on line 58, each of which has its own ticket: if that one cannot go on, the others sleep on; use Broadcast`
}
