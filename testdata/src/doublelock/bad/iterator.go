package bad

import (
	"iter"
	"sync"
)

type shelf struct {
	mu    sync.RWMutex
	books map[string]int
}

func (s *shelf) all() iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		s.mu.RLock()
		defer s.mu.RUnlock()
		for title, n := range s.books {
			if !yield(title, n) {
				return
			}
		}
	}
}

// A method is an iterator as well.
func (s *shelf) each(yield func(string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for title := range s.books {
		if !yield(title) {
			return
		}
	}
}

func (s *shelf) remove(title string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.books, title)
}

func (s *shelf) count(title string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.books[title]
}

// The body runs while the iterator holds the lock.
func (s *shelf) sweep() {
	for title, n := range s.all() { // want `the loop body blocks forever: it calls s\.mu\.Lock \(iterator\.go:\d+ through shelf\.remove\), held for reading by what calls it \(iterator\.go:\d+\)`
		if n == 0 {
			s.remove(title)
		}
	}
}

func (s *shelf) sum() (total int) {
	for title := range s.all() { // want `the loop body blocks forever if a writer waits: it calls s\.mu\.RLock \(iterator\.go:\d+ through shelf\.count\), held for reading by what calls it \(iterator\.go:\d+\)`
		total += s.count(title)
	}
	return total
}

// It leaves the loop, but not before it has taken the lock.
func (s *shelf) first() int {
	for title := range s.each { // want `the loop body blocks forever: it calls s\.mu\.RLock \(iterator\.go:\d+ through shelf\.count\), held by what calls it \(iterator\.go:\d+\)`
		return s.count(title)
	}
	return 0
}

func (s *shelf) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for title := range s.all() { // want `the iterator blocks forever: it calls s\.mu\.RLock \(iterator\.go:\d+\), held since line \d+`
		s.books[title] = 1
	}
}
