// Package good takes each lock once.
package good

import (
	"fmt"
	"sync"
)

type cache struct {
	mu sync.RWMutex
	m  map[string]int
}

func (c *cache) Len() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.m)
}

// Len waits for Purge, which waits for Len.
func (c *cache) purgeCallsLen() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.m) > 0 {
		c.m = nil
	}
}

// A writer that comes in between blocks the second RLock.
func (c *cache) readTwice() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.m) + 1
}

// The upgrade waits for its own read.
func (c *cache) upgrade(key string) int {
	c.mu.RLock()
	if n, ok := c.m[key]; ok {
		c.mu.RUnlock()
		return n
	}
	c.mu.RUnlock()
	c.mu.Lock()
	c.m[key] = 1
	c.mu.Unlock()
	return 1
}

// Unlock was meant.
func (c *cache) deferLock() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.m = nil
}

func (c *cache) relock() {
	c.mu.Lock()
	c.m = nil
	c.mu.Unlock()
}

func (c *cache) total() int { return c.Len() * 2 }

func (c *cache) deep() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.m) * 2
}

func (c *cache) String() string { return fmt.Sprint(c.Len()) }

// fmt calls String.
func (c *cache) formatted() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return fmt.Sprintf("%d: %p", len(c.m), c)
}

func (c *cache) each(f func(string)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k := range c.m {
		f(k)
	}
}

// each calls the function with the lock held.
func (c *cache) callback() (n int) {
	c.each(func(string) {
		n += len(c.m)
	})
	return n
}

// Through a method value and a local closure.
func (c *cache) values() {
	f := c.Len
	g := func() int { return f() }
	c.mu.Lock()
	c.mu.Unlock()
	g()
}
