// Package bad holds fields that are used without the lock that guards them.
package bad

import "sync"

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) Inc() {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
}

func (c *counter) Add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += n
}

func (c *counter) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n = 0
}

// The one that does without sees a value in the middle of things.
func (c *counter) Value() int {
	return c.n // want `read of c.n without c.mu races with the write on line 13: 3 of 4 accesses hold mu; lock it here too`
}

type config struct {
	mu   sync.RWMutex
	name string
	subs []func(string)
}

func (c *config) Name() string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.name
}

func (c *config) Upper() string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.name + "!"
}

// A read lock keeps no other reader out.
func (c *config) Rename(name string) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.name = name // want `write of c.name under c.mu.RLock races with the read on line 43, which can hold it too; take c.mu.Lock`
}

func (c *config) Subscribe(f func(string)) {
	c.mu.Lock()
	c.subs = append(c.subs, f)
	c.mu.Unlock()
}

func (c *config) Clear() {
	c.mu.Lock()
	c.subs = nil
	c.mu.Unlock()
}

// The lock is let go one line too early.
func (c *config) Notify() int {
	c.mu.RLock()
	name := c.name
	c.mu.RUnlock()
	for _, f := range c.subs { // want `read of c.subs without c.mu races with the write on line 61: 2 of 3 accesses hold mu`
		f(name)
	}
	return 0
}

var (
	registryMu sync.Mutex
	registry   []string
)

func Register(name string) {
	registryMu.Lock()
	defer registryMu.Unlock()
	registry = append(registry, name)
}

func Drop() {
	registryMu.Lock()
	defer registryMu.Unlock()
	registry = nil
}

// A package variable with its lock beside it.
func Registered() int {
	return len(registry) // want `read of registry without registryMu races with the write on line 90`
}

type pool struct {
	mu   sync.Mutex
	idle int
	quit chan struct{}
}

func (p *pool) Get() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.idle == 0 {
		return false
	}
	p.idle--
	return true
}

func (p *pool) Put() {
	p.mu.Lock()
	p.idle++
	p.mu.Unlock()
}

func newPool() *pool {
	p := &pool{quit: make(chan struct{})}
	go p.refill()
	return p
}

// The goroutine uses the object as its users do.
func (p *pool) refill() {
	for {
		select {
		case <-p.quit:
			return
		default:
			p.idle++ // want `write of p.idle without p.mu races with`
		}
	}
}
