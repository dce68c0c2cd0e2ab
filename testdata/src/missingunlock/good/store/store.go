// Package store has a lock that its users take.
package store

import "sync"

// A Store is used under its lock.
type Store struct {
	mu sync.Mutex
	m  map[string]int

	keys map[string]*sync.Mutex
	rows map[string]*Row
}

// New makes a Store.
func New() *Store {
	return &Store{m: make(map[string]int), keys: make(map[string]*sync.Mutex), rows: make(map[string]*Row)}
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

// LockKey takes the lock of a key.
func (s *Store) LockKey(key string) (unlock func()) {
	s.mu.Lock()
	l := s.keys[key]
	if l == nil {
		l = new(sync.Mutex)
		s.keys[key] = l
	}
	s.mu.Unlock()
	l.Lock()
	return l.Unlock
}

// A Row has a lock of its own.
type Row struct {
	mu sync.Mutex
	N  int
}

// Row returns a locked row.
func (s *Store) Row(key string) (r *Row, unlock func(), ok bool) {
	r = s.rows[key]
	if r == nil {
		return nil, nil, false
	}
	r.mu.Lock()
	return r, r.mu.Unlock, true
}
