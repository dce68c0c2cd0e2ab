// Package bad holds locks that stay locked.
package bad

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
		return errMissing // want `return leaves c\.mu locked, since line \d+: the next c\.mu\.Lock blocks forever; call c\.mu\.Unlock before it`
	}
	delete(c.m, key)
	c.mu.Unlock()
	return nil
}

// What is returned is read under the lock, so there is no fix.
func (c *cache) returnRead(key string) int {
	c.mu.Lock()
	if len(c.m) == 0 {
		return c.m[key] // want `return leaves c\.mu locked`
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
	if quick {
		return // want `return leaves c\.mu locked on some path`
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
		return 0, errors.New("out of range") // want `return leaves t\.mu locked, since line \d+: the next t\.mu\.Lock blocks forever; call t\.mu\.RUnlock before it`
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
} // want `the end of the function leaves t\.mu locked`

func useLeaveLoop(t *table) { t.leaveLoop(3) }

func (c *cache) lock()   { c.mu.Lock() }
func (c *cache) unlock() { c.mu.Unlock() }

// Through helpers.
func (c *cache) helpers(key string) {
	c.lock()
	if key == "" {
		return // want `return leaves c\.mu locked`
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
		return 1 // want `return leaves c\.mu locked`
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
		return false // want `return leaves x\.mut locked, since line \d+: the next x\.mut\.Lock blocks forever; call x\.mut\.Unlock before it`
	}
	delete(x.files, name)
	x.mut.Unlock()
	return true
}
