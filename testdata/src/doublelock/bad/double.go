// Package bad holds locks that are taken twice.
package bad

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
	if c.Len() > 0 { // want `c\.Len blocks forever: it calls c\.mu\.RLock \(double\.go:\d+\), held since line \d+`
		c.m = nil
	}
}

// A writer that comes in between blocks the second RLock.
func (c *cache) readTwice() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.Len() + 1 // want `c\.Len blocks forever if a writer waits: it calls c\.mu\.RLock \(double\.go:\d+\), held for reading since line \d+`
}

// The upgrade waits for its own read.
func (c *cache) upgrade(key string) int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if n, ok := c.m[key]; ok {
		return n
	}
	c.mu.Lock() // want `c\.mu\.Lock blocks forever: c\.mu is held for reading since line \d+; call c\.mu\.RUnlock first`
	c.m[key] = 1
	c.mu.Unlock()
	return 1
}

// Unlock was meant.
func (c *cache) deferLock() {
	c.mu.Lock()
	defer c.mu.Lock() // want `deferred c\.mu\.Lock blocks forever: c\.mu is held since line \d+; defer c\.mu\.Unlock`
	c.m = nil
}

func (c *cache) relock() {
	c.mu.Lock()
	c.m = nil
	c.mu.Lock() // want `c\.mu\.Lock blocks forever: c\.mu is held since line \d+`
	c.mu.Unlock()
}

func (c *cache) total() int { return c.Len() * 2 }

func (c *cache) deep() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.total() // want `c\.total blocks forever: it calls c\.mu\.RLock \(double\.go:\d+ through cache\.Len\), held since line \d+`
}

func (c *cache) String() string { return fmt.Sprint(c.Len()) }

// fmt calls String.
func (c *cache) formatted() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return fmt.Sprintf("%d: %v", len(c.m), c) // want `formatting calls cache\.String, which blocks forever: it calls c\.mu\.RLock \(double\.go:\d+ through cache\.Len\), held since line \d+`
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
	c.each(func(string) { // want `callback the function literal blocks forever: it calls c\.mu\.RLock \(double\.go:\d+ through cache\.Len\), held by what calls it \(double\.go:\d+\)`
		n += c.Len()
	})
	return n
}

// Through a method value and a local closure.
func (c *cache) values() {
	f := c.Len
	g := func() int { return f() }
	c.mu.Lock()
	g() // want `g blocks forever: it calls c\.mu\.RLock`
	c.mu.Unlock()
}
