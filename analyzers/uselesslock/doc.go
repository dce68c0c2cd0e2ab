// Package uselesslock finds locks that protect nothing.
//
// # Analyzer uselesslock
//
// uselesslock: check that a lock keeps other goroutines out
//
// # local
//
// A mutex that is a variable of the function is a new one in each call. No
// other goroutine ever waits for it:
//
//	func (c *Counter) Add() {
//		var mu sync.Mutex
//		mu.Lock()
//		c.n++ // races with
//		mu.Unlock()
//	}
//
// Keep it beside what it guards:
//
//	type Counter struct {
//		mu sync.Mutex
//		n  int
//	}
//
// # read-lock
//
// A field is written with the RWMutex beside it held only for reading, while
// other writes of it hold it for writing. Two readers write at the same time:
//
//	s.mu.RLock()
//	s.hits++
//	s.mu.RUnlock()
//
// Lock it, or make the field an atomic:
//
//	s.mu.Lock()
//	s.hits++
//	s.mu.Unlock()
//
// The same goes for a field of what lies in a map or slice beside the lock, in a
// function that other packages can call at the same time:
//
//	s.mu.RLock()
//	defer s.mu.RUnlock()
//	e := s.entries[key]
//	e.reads++
//
// # empty
//
// A lock is released before anything is done, and the function goes on to
// write a field that other functions write under that lock, or that is changed
// from what it was:
//
//	s.mu.Lock()
//	s.mu.Unlock()
//	s.state = running
//
// The unlock was to be deferred:
//
//	s.mu.Lock()
//	defer s.mu.Unlock()
//	s.state = running
//
// # Limits
//
// A mutex that a closure or another function gets at is left alone, and so is
// a write under a read lock when another lock is held for writing. Changes of
// maps and slices are not writes of the field.
package uselesslock
