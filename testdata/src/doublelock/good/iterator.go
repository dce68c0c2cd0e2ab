package good

import (
	"iter"
	"maps"
	"sync"
)

type shelf struct {
	mu    sync.RWMutex
	books map[string]int
}

// It calls the body with a copy, and without the lock.
func (s *shelf) all() iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		s.mu.RLock()
		books := maps.Clone(s.books)
		s.mu.RUnlock()
		for title, n := range books {
			if !yield(title, n) {
				return
			}
		}
	}
}

func (s *shelf) each(yield func(string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for title := range s.books {
		s.mu.Unlock()
		ok := yield(title)
		s.mu.Lock()
		if !ok {
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

func (s *shelf) sweep() {
	for title, n := range s.all() {
		if n == 0 {
			s.remove(title)
		}
	}
}

func (s *shelf) sum() (total int) {
	for title := range s.all() {
		total += s.count(title)
	}
	return total
}

func (s *shelf) first() int {
	for title := range s.each {
		return s.count(title)
	}
	return 0
}

func (s *shelf) reset() {
	for title := range s.all() {
		s.mu.Lock()
		s.books[title] = 1
		s.mu.Unlock()
	}
}

type catalog struct {
	mu    sync.Mutex
	items []string
	seen  map[string]bool
}

// The body runs with the lock held.
func (c *catalog) locked(yield func(string) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, item := range c.items {
		if !yield(item) {
			return
		}
	}
}

func (c *catalog) mark(item string) {
	c.mu.Lock()
	c.seen[item] = true
	c.mu.Unlock()
}

// What needs the lock comes when the loop is left.
func (c *catalog) last() {
	var found string
	for item := range c.locked {
		found = item
	}
	c.mark(found)
}

// The loop is over one, the lock of another.
func (c *catalog) copyTo(other *catalog) {
	for item := range c.locked {
		other.mark(item)
	}
}

// The body lets the lock go for a while.
func (c *catalog) open(use func(string)) {
	for item := range c.locked {
		c.mu.Unlock()
		use(item)
		c.mark(item)
		c.mu.Lock()
	}
}
