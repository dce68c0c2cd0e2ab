// Package good holds the scenarios of bad, each in one step.
package good

import (
	"sync"
)

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) inc() {
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
}

type counters struct {
	m      sync.Map
	totals sync.Map
}

// One counter for all.
func (c *counters) Inc(key string) {
	v, ok := c.m.Load(key)
	if !ok {
		v, _ = c.m.LoadOrStore(key, new(counter))
	}
	v.(*counter).inc()
}

// The same with the type in sight.
func (c *counters) Get(key string) *counter {
	if v, ok := c.m.Load(key); ok {
		return v.(*counter)
	}
	n, _ := c.m.LoadOrStore(key, &counter{})
	return n.(*counter)
}

// The swap is tried again.
func (c *counters) Add(key string, n int) {
	v, _ := c.totals.LoadOrStore(key, 0)
	for !c.totals.CompareAndSwap(key, v, v.(int)+n) {
		v, _ = c.totals.Load(key)
	}
}

type lazy struct {
	mu   sync.Mutex
	conn *counter
	name string
}

// One check, under the lock.
func (l *lazy) Conn() *counter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn == nil {
		l.conn = new(counter)
	}
	return l.conn
}

// The check is under the lock.
func (l *lazy) Name() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.name != "" {
		return
	}
	l.name = "named"
}

type registry struct {
	mu      sync.RWMutex
	entries map[string]*counter
	started bool
	done    chan struct{}
}

// It is looked up again.
func (r *registry) Entry(key string) *counter {
	r.mu.RLock()
	c, ok := r.entries[key]
	r.mu.RUnlock()
	if ok {
		return c
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if c, ok := r.entries[key]; ok {
		return c
	}
	c = new(counter)
	r.entries[key] = c
	return c
}

// The second caller finds it started.
func (r *registry) Start() {
	r.mu.RLock()
	started := r.started
	r.mu.RUnlock()
	if started {
		return
	}
	r.mu.Lock()
	if r.started {
		r.mu.Unlock()
		return
	}
	r.started = true
	r.mu.Unlock()
	go func() { <-r.done }()
}

type queue struct{ ch chan int }

// Takes one if there is one.
func (q *queue) Take() (int, bool) {
	select {
	case n := <-q.ch:
		return n, true
	default:
		return 0, false
	}
}

// Takes a place if there is one.
func (q *queue) Offer(n int) bool {
	select {
	case q.ch <- n:
		return true
	default:
		return false
	}
}

func (q *queue) Next() int { return <-q.ch }

func (q *queue) Put(n int) { q.ch <- n }

// Forget makes the next call of Name name it again.
func (l *lazy) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.name = ""
}

func (c *counters) Register(name string) {
	c.m.LoadOrStore(name, &counter{})
}
