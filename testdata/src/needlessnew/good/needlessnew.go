// Package good is the repaired twin of bad.
package good

import (
	"sync"
	"sync/atomic"
)

func count(jobs []func()) int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	var n atomic.Int64
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

var registryMu sync.RWMutex

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

func newCache() *cache {
	return &cache{
		m: make(map[string]int),
	}
}

func emptyCache() cache {
	return cache{}
}

// A pointer that is handed on may be shared on purpose.
type worker struct{ wg *sync.WaitGroup }

func workers(n int) (list []worker) {
	wg := new(sync.WaitGroup)
	for range n {
		list = append(list, worker{wg})
	}
	return list
}

// A Cond is not ready as declared, and a Pool with New is not the zero value.
var (
	pool = &sync.Pool{New: func() any { return new(int) }}
	cond = sync.NewCond(&registryMu)
)

func use() { cond.Broadcast(); pool.Put(pool.Get()) }
