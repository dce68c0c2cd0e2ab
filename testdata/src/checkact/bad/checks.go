// Package bad holds checks that are out of date when they are acted upon.
package bad

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

// Two callers count in two counters, one of which is lost.
func (c *counters) Inc(key string) {
	v, ok := c.m.Load(key)
	if !ok {
		v = new(counter)
		c.m.Store(key, v) // want `two goroutines can both find the key missing in c.m on line 26`
	}
	v.(*counter).inc()
}

// The same with the type in sight.
func (c *counters) Get(key string) *counter {
	if v, ok := c.m.Load(key); ok {
		return v.(*counter)
	}
	n := &counter{}
	c.m.Store(key, n) // want `two goroutines can both find the key missing in c.m on line 36, and this Store replaces what the other one has stored and uses; use LoadOrStore`
	return n
}

// What others add in between is lost.
func (c *counters) Add(key string, n int) {
	v, _ := c.totals.Load(key)
	old, _ := v.(int)
	c.totals.Store(key, old+n) // want `a Store by another goroutine between the Load of c.totals on line 46 and this Store is lost; use CompareAndSwap in a loop, or a lock`
}

type lazy struct {
	mu   sync.Mutex
	conn *counter
	name string
}

// The first check can see a pointer to an object that is not there yet.
func (l *lazy) Conn() *counter {
	if l.conn == nil { // want `read of l.conn without l.mu races with the write on line 63; make the first check under the lock, or use sync.Once`
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.conn == nil {
			l.conn = new(counter)
		}
	}
	return l.conn
}

// Nothing checks again.
func (l *lazy) Name() {
	if l.name != "" { // want `read of l.name without l.mu races with the write on line 75, which nothing checks again; check under the lock`
		return
	}
	l.mu.Lock()
	l.name = "named"
	l.mu.Unlock()
}

type registry struct {
	mu      sync.RWMutex
	entries map[string]*counter
	started bool
	done    chan struct{}
}

// Between RUnlock and Lock another caller makes the entry.
func (r *registry) Entry(key string) *counter {
	r.mu.RLock()
	c, ok := r.entries[key]
	r.mu.RUnlock()
	if ok {
		return c
	}
	c = new(counter)
	r.mu.Lock()
	r.entries[key] = c // want `r.mu is unlocked between the check of r.entries on line 89 and this write, which replaces what the other one has stored and uses; check again`
	r.mu.Unlock()
	return c
}

// Two callers can start it.
func (r *registry) Start() {
	r.mu.RLock()
	started := r.started
	r.mu.RUnlock()
	if started {
		return
	}
	r.mu.Lock()
	r.started = true // want `two goroutines can pass the check of r.started on line 104 before r.mu is locked again, and both start the goroutine; check again`
	r.mu.Unlock()
	go func() { <-r.done }()
}

type queue struct{ ch chan int }

// Another caller takes the last one.
func (q *queue) Take() (int, bool) {
	if len(q.ch) > 0 {
		return <-q.ch, true // want `receive from q.ch blocks if another goroutine leaves it empty after the check of its length on line 119; use select with default`
	}
	return 0, false
}

// Another caller takes the last free place.
func (q *queue) Offer(n int) bool {
	if len(q.ch) == cap(q.ch) {
		return false
	}
	q.ch <- n // want `send to q.ch blocks if another goroutine leaves it full after the check of its length on line 127; use select with default`
	return true
}

func (q *queue) Next() int { return <-q.ch }

func (q *queue) Put(n int) { q.ch <- n }

// Forget makes the next call of Name name it again.
func (l *lazy) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.name = ""
}

// What the first one has stored is replaced.
func (c *counters) Register(name string) {
	if _, ok := c.m.Load(name); !ok {
		c.m.Store(name, &counter{}) // want `two goroutines can both find the key missing in c.m on line \d+`
	}
}
