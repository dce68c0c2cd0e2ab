package bad

import "sync"

type cached struct {
	value string
	reads int
}

type Lookup struct {
	mu      sync.RWMutex
	entries map[string]*cached
}

// Two calls count at the same time.
func (l *Lookup) Get(key string) (string, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	e, ok := l.entries[key]
	if !ok {
		return "", false
	}
	e.reads++ // want `write of .*\.reads races with itself in another call: l\.mu is held for reading since line \d+, which lets both in; Lock it, or use an atomic`
	return e.value, true
}
