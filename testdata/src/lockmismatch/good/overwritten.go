package good

import (
	"fmt"
	"sync"
)

// counters are set to nothing, but not their lock.
type counters struct {
	mu       sync.Mutex
	requests int
	failures int
}

func (c *counters) Reset() string {
	c.mu.Lock()
	text := fmt.Sprintf("%d requests, %d failures", c.requests, c.failures)
	c.requests, c.failures = 0, 0
	c.mu.Unlock()
	return text
}

type session struct {
	state counted
	name  string
}

type counted struct {
	sync.RWMutex
	n int
}

func (s *session) renew() {
	s.state.Lock()
	defer s.state.Unlock()
	s.state.n = 1
}

// The lock is beside what is set anew, or behind a pointer.
type table struct {
	mu   *sync.Mutex
	rows rows
}

type rows struct{ list []string }

func (t *table) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows = rows{}
}

func (t *table) fresh() {
	t.mu.Lock()
	defer t.mu.Unlock()
	*t = table{mu: t.mu}
}

// Another object than the one that is locked.
func (c *counters) moveTo(other *counters) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*other = counters{requests: c.requests}
}

// What is given up with its lock held is not unlocked any more.
func (c *counters) drop() {
	c.mu.Lock()
	if c.requests == 0 {
		c.mu.Unlock()
		return
	}
	*c = counters{}
}
