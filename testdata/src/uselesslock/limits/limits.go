// Package limits holds what uselesslock does not see.
package limits

import "sync"

type set struct {
	mu sync.RWMutex
	m  map[int]bool
}

func (s *set) replace() {
	s.mu.Lock()
	s.m = nil
	s.mu.Unlock()
}

// The map is written, not the field.
func (s *set) add(n int) {
	s.mu.RLock()
	s.m[n] = true
	s.mu.RUnlock()
}
