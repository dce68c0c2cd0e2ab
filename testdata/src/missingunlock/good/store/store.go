// Package store has a lock that its users take.
package store

import "sync"

// A Store is used under its lock.
type Store struct {
	mu sync.Mutex
	m  map[string]int
}

// Lock takes the lock and returns what releases it.
func (s *Store) Lock() (unlock func()) {
	s.mu.Lock()
	return s.mu.Unlock
}

// Get needs the lock.
func (s *Store) Get(key string) int { return s.m[key] }

// Clear needs the lock.
func (s *Store) Clear() { clear(s.m) }
