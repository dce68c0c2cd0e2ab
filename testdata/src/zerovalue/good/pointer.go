// Package good is the repaired twin of bad.
package good

import (
	"sync"
	"sync/atomic"
)

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) inc() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
}

func count() int {
	c := &counter{n: 1}
	c.inc()
	return c.n
}

func waitForAll(jobs []func()) {
	var wg sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			job()
		}()
	}
	wg.Wait()
}

type registry struct {
	*sync.RWMutex
	names map[string]int
}

func newRegistry() *registry {
	return &registry{RWMutex: new(sync.RWMutex), names: make(map[string]int)}
}

func (r *registry) get(name string) int {
	r.RLock()
	defer r.RUnlock()
	return r.names[name]
}

var startOnce = new(sync.Once)

func start(f func()) {
	startOnce.Do(f)
}

type stats struct {
	hits, misses *atomic.Int64
}

func newStats() *stats { return &stats{new(atomic.Int64), new(atomic.Int64)} }

func (s *stats) hit() int64 {
	s.hits.Add(1)
	return s.misses.Load()
}

type table[K comparable] struct {
	mu   *sync.Mutex
	rows []K
}

func (t *table[K]) add(k K) {
	t.mu.Lock()
	t.rows = append(t.rows, k)
	t.mu.Unlock()
}

func rows() int {
	t := &table[string]{rows: nil}
	t.mu = new(sync.Mutex)
	t.add("a")
	return len(t.rows)
}

// The lock is set through the address of the field.
type shared struct{ mu *sync.Mutex }

func attach(p **sync.Mutex, mu *sync.Mutex) { *p = mu }

func (s *shared) use(mu *sync.Mutex) {
	attach(&s.mu, mu)
	s.mu.Lock()
	defer s.mu.Unlock()
}

// The lock is optional.
type optional struct{ mu *sync.Mutex }

func (o *optional) do(f func()) {
	if o.mu != nil {
		o.mu.Lock()
		defer o.mu.Unlock()
	}
	f()
}

// The fields come from a type with the same ones.
type raw struct{ mu *sync.Mutex }
type cooked raw

func cook(r raw) {
	c := cooked(r)
	c.mu.Lock()
	defer c.mu.Unlock()
}

// Other packages set it.
type Exported struct{ Mu *sync.Mutex }

func (e *Exported) Do() { e.Mu.Lock() }

// That it panics is what the function is about.
func panics() (value any) {
	var mu *sync.Mutex
	defer func() { value = recover() }()
	mu.Lock()
	return nil
}
