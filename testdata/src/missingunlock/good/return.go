// Package good releases what it locks.
package good

import (
	"errors"
	"sync"
)

var errMissing = errors.New("missing")

type cache struct {
	mu sync.Mutex
	m  map[string]int
}

// The caller gets an error; whoever asks next hangs in Lock.
func (c *cache) returnError(key string) error {
	c.mu.Lock()
	if _, ok := c.m[key]; !ok {
		c.mu.Unlock()
		return errMissing
	}
	delete(c.m, key)
	c.mu.Unlock()
	return nil
}

// What is returned is read under the lock, so there is no fix.
func (c *cache) returnRead(key string) int {
	c.mu.Lock()
	if len(c.m) == 0 {
		n := c.m[key]
		c.mu.Unlock()
		return n
	}
	n := len(key)
	c.mu.Unlock()
	return n
}

// The flag says that the lock was taken, but one return forgets.
func (c *cache) flagForgotten(need, quick bool) {
	if need {
		c.mu.Lock()
	}
	if quick && !need {
		return
	}
	if need {
		c.mu.Unlock()
	}
}

type table struct {
	mu   sync.RWMutex
	rows []int
}

func (t *table) readOnly(i int) (int, error) {
	t.mu.RLock()
	if i >= len(t.rows) {
		t.mu.RUnlock()
		return 0, errors.New("out of range")
	}
	n := t.rows[i]
	t.mu.RUnlock()
	return n, nil
}

// The loop is left with the lock held.
func (t *table) leaveLoop(want int) {
	for i := 0; ; i++ {
		t.mu.Lock()
		if t.rows[i] == want {
			break
		}
		t.mu.Unlock()
	}
	t.rows = nil
	t.mu.Unlock()
}

func useLeaveLoop(t *table) { t.leaveLoop(3) }

func (c *cache) lock()   { c.mu.Lock() }
func (c *cache) unlock() { c.mu.Unlock() }

// Through helpers.
func (c *cache) helpers(key string) {
	c.lock()
	if key == "" {
		c.unlock()
		return
	}
	c.unlock()
}

func (c *cache) tryEnter(key string) bool {
	c.mu.Lock()
	if _, ok := c.m[key]; ok {
		return true
	}
	c.mu.Unlock()
	return false
}

// tryEnter keeps the lock when it succeeds.
func (c *cache) enter(key string) int {
	if !c.tryEnter(key) {
		return 0
	}
	if key == "x" {
		c.mu.Unlock()
		return 1
	}
	c.mu.Unlock()
	return 2
}

// A lock of the project's own making.
type mutex interface {
	Lock()
	Unlock()
}

type index struct {
	mut   mutex
	files map[string]int
}

func (x *index) remove(name string) bool {
	x.mut.Lock()
	if _, ok := x.files[name]; !ok {
		x.mut.Unlock()
		return false
	}
	delete(x.files, name)
	x.mut.Unlock()
	return true
}

// More than a lock: what its Lock does is its own affair.
type transaction interface {
	Lock()
	Unlock()
	Put(key string)
}

func begin(tx transaction, key string) bool {
	tx.Lock()
	if key == "" {
		return false
	}
	tx.Put(key)
	tx.Unlock()
	return true
}
