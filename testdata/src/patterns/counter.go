package patterns

import (
	"maps"
	"sync"
)

// Counter counts by name. The lock stands before what it guards; the zero value
// is ready for use.
type Counter struct {
	mu     sync.RWMutex
	counts map[string]int
}

// Add locks for the whole of read, change and write.
func (c *Counter) Add(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = make(map[string]int)
	}
	c.counts[name]++
}

// Get reads under the read lock, beside other readers.
func (c *Counter) Get(name string) int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.counts[name]
}

// All returns a copy: the map itself would be read without the lock.
func (c *Counter) All() map[string]int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return maps.Clone(c.counts)
}
