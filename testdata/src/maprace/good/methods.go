package good

import (
	"sync"
	"time"
)

// collector counts in a goroutine of its own.
type collector struct {
	mu     sync.Mutex
	counts map[string]int
	names  chan string
}

func newCollector(names chan string) *collector {
	c := &collector{counts: make(map[string]int), names: names}
	go c.collect()
	return c
}

func (c *collector) collect() {
	for range time.Tick(time.Second) {
		c.mu.Lock()
		c.counts["ticks"]++
		c.mu.Unlock()
	}
}

// Count takes the lock for that.
func (c *collector) Count(name string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.counts[name]
}
