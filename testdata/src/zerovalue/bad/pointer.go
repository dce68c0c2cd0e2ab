// Package bad uses zero values that are not usable.
package bad

import (
	"sync"
	"sync/atomic"
)

type counter struct {
	mu *sync.Mutex
	n  int
}

// The counter is made without a mutex, and the pointer is nil.
func (c *counter) inc() {
	c.mu.Lock() // want `c.mu.Lock panics: c.mu is a nil \*sync.Mutex and nothing in this package sets it; declare it as sync.Mutex`
	defer c.mu.Unlock()
	c.n++
}

func count() int {
	c := &counter{n: 1}
	c.inc()
	return c.n
}

// Nothing makes the WaitGroup that the pointer is to point to.
func waitForAll(jobs []func()) {
	var wg *sync.WaitGroup
	for _, job := range jobs {
		wg.Add(1) // want `wg.Add panics: wg is a nil \*sync.WaitGroup and nothing sets it; declare it as sync.WaitGroup`
		go func() {
			defer wg.Done()
			job()
		}()
	}
	wg.Wait()
}

// The embedded pointer lends its methods to the registry, but is nil.
type registry struct {
	*sync.RWMutex
	names map[string]int
}

func newRegistry() *registry { return &registry{names: make(map[string]int)} }

func (r *registry) get(name string) int {
	r.RLock() // want `r.RLock panics: r.RWMutex is a nil \*sync.RWMutex and nothing in this package sets it`
	defer r.RUnlock()
	return r.names[name]
}

var startOnce *sync.Once

// The package forgets to make its Once.
func start(f func()) {
	startOnce.Do(f) // want `startOnce.Do panics: startOnce is a nil \*sync.Once and nothing in this package sets it`
}

type stats struct {
	hits, misses *atomic.Int64
}

// An atomic is as ready as a mutex, and a pointer to it as nil.
func (s *stats) hit() int64 {
	s.hits.Add(1)          // want `s.hits.Add panics: s.hits is a nil \*atomic.Int64`
	return s.misses.Load() // want `s.misses.Load panics`
}

type table[K comparable] struct {
	mu   *sync.Mutex
	rows []K
}

// The same in a generic type.
func (t *table[K]) add(k K) {
	t.mu.Lock() // want `t.mu.Lock panics`
	t.rows = append(t.rows, k)
	t.mu.Unlock()
}

func rows() int {
	t := &table[string]{rows: nil}
	t.add("a")
	return len(t.rows)
}
