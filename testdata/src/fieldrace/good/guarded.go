// Package good holds the scenarios of bad, with their locks.
package good

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

// Every access holds the lock.
func (c *counter) Value() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
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

// A write takes the write lock.
func (c *config) Rename(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.name = name
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

// The slice is copied before the lock is let go.
func (c *config) Notify() int {
	c.mu.RLock()
	name, subs := c.name, c.subs
	c.mu.RUnlock()
	for _, f := range subs {
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
	registryMu.Lock()
	defer registryMu.Unlock()
	return len(registry)
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
			p.mu.Lock()
			p.idle++
			p.mu.Unlock()
		}
	}
}
