package bad

import (
	"fmt"
	"sync"
)

// counters are set to nothing together with their lock.
type counters struct {
	mu       sync.Mutex
	requests int
	failures int
}

func (c *counters) Reset() string {
	c.mu.Lock()
	text := fmt.Sprintf("%d requests, %d failures", c.requests, c.failures)
	*c = counters{} // want `the assignment overwrites c\.mu, which is locked since line \d+: its Unlock panics then, and who waits for it waits forever; assign the other fields`
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
	s.state = counted{n: 1} // want `the assignment overwrites s\.state, which is locked since line \d+`
}

// What is given up with its lock held is unlocked once more.
func (c *counters) drop() {
	c.mu.Lock()
	if c.requests > 0 {
		*c = counters{} // want `the assignment overwrites c\.mu, which is locked since line \d+`
	}
	c.mu.Unlock()
}
