package good

import "sync"

// A Quota wakes all.
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
	q.freed.Broadcast()
}

// A Places gives one to each: whoever is woken can go on.
type Places struct {
	mu    sync.Mutex
	freed *sync.Cond
	used  int
	limit int
}

// NewPlaces returns n.
func NewPlaces(n int) *Places {
	s := &Places{limit: n}
	s.freed = sync.NewCond(&s.mu)
	return s
}

// Take waits for one.
func (s *Places) Take() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.used >= s.limit {
		s.freed.Wait()
	}
	s.used++
}

// Give gives one back.
func (s *Places) Give() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used--
	s.freed.Signal()
}

// A Chain passes the wakeup on.
type Chain struct {
	mu    sync.Mutex
	freed *sync.Cond
	free  int
}

// NewChain returns one of n units.
func NewChain(n int) *Chain {
	c := &Chain{free: n}
	c.freed = sync.NewCond(&c.mu)
	return c
}

// Take waits for n units, and wakes the next one.
func (c *Chain) Take(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.free < n {
		c.freed.Signal()
		c.freed.Wait()
	}
	c.free -= n
	c.freed.Signal()
}

// Give gives n units back.
func (c *Chain) Give(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.free += n
	c.freed.Signal()
}
