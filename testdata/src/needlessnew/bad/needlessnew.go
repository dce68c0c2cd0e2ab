// Package bad makes what is ready as declared.
package bad

import (
	"sync"
	"sync/atomic"
)

// The mutex could be declared.
func count(jobs []func()) int {
	mu := new(sync.Mutex)   // want `mu needs no constructor, since its zero value is ready for use; declare it: var mu sync.Mutex`
	wg := &sync.WaitGroup{} // want `wg needs no constructor`
	n := atomic.Int64{}     // want `n needs no constructor`
	for _, job := range jobs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			mu.Lock()
			defer mu.Unlock()
			job()
			n.Add(1)
		}()
	}
	wg.Wait()
	return int(n.Load())
}

var registryMu = &sync.RWMutex{} // want `registryMu needs no constructor`

func locked(f func()) {
	registryMu.Lock()
	defer registryMu.Unlock()
	f()
}

type cache struct {
	mu sync.Mutex
	m  map[string]int
	wg sync.WaitGroup
}

// The fields have these values anyway.
func newCache() *cache {
	return &cache{
		mu: sync.Mutex{}, // want `mu needs no value, since the zero value of sync.Mutex is ready for use; leave it out`
		m:  make(map[string]int),
		wg: sync.WaitGroup{}, // want `wg needs no value`
	}
}

func emptyCache() cache {
	return cache{wg: sync.WaitGroup{}} // want `wg needs no value`
}
