package good

import "sync"

// A cache of plain values: to store one twice does no harm.
func (c *counters) Length(key string) int {
	if v, ok := c.m.Load(key); ok {
		return v.(int)
	}
	n := len(key)
	c.m.Store(key, n)
	return n
}

var storing sync.Mutex

// A lock around both.
func (c *counters) locked(key string) {
	storing.Lock()
	defer storing.Unlock()
	if _, ok := c.m.Load(key); !ok {
		c.m.Store(key, new(counter))
	}
}

// Locked is locked, exported.
func (c *counters) Locked(key string) { c.locked(key) }

// The object is made for this call.
func fresh() *sync.Map {
	m := new(sync.Map)
	if _, ok := m.Load("a"); !ok {
		m.Store("a", new(counter))
	}
	return m
}

// The only reader may ask how many there are.
type inbox struct{ ch chan int }

func (b *inbox) Drain() (all []int) {
	for len(b.ch) > 0 {
		all = append(all, <-b.ch)
	}
	return all
}

// A map of plain values may be filled twice.
type lengths struct {
	mu sync.RWMutex
	m  map[string]int
}

func (l *lengths) Of(key string) int {
	l.mu.RLock()
	n, ok := l.m[key]
	l.mu.RUnlock()
	if ok {
		return n
	}
	n = len(key)
	l.mu.Lock()
	l.m[key] = n
	l.mu.Unlock()
	return n
}
