package good

import (
	"sync"
	"sync/atomic"
)

type cached struct {
	value string
	reads atomic.Int64
}

type Lookup struct {
	mu      sync.RWMutex
	entries map[string]*cached
	slots   map[string]*slot
}

// An atomic counts.
func (l *Lookup) Get(key string) (string, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	e, ok := l.entries[key]
	if !ok {
		return "", false
	}
	e.reads.Add(1)
	return e.value, true
}

// Each slot has a lock of its own.
type slot struct {
	mu sync.Mutex
	n  int
}

func (l *Lookup) Count(key string) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if s := l.slots[key]; s != nil {
		s.mu.Lock()
		s.n++
		s.mu.Unlock()
	}
}
