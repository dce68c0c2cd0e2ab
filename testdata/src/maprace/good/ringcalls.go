package good

import (
	"errors"
	"sync"
)

var errTaken = errors.New("taken")

// Functions that call each other in a ring: whoever comes to forget holds the lock.
type sessions struct {
	mu  sync.Mutex
	all map[string]int
}

func newSessions() *sessions { return &sessions{all: make(map[string]int)} }

func (s *sessions) find(name string) (int, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.all[name]
	return n, ok
}

func (s *sessions) open(name string, check func(string) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.all[name]; ok {
		return errTaken
	}
	s.all[name] = 1
	if err := check(name); err != nil {
		s.forget(name)
		return err
	}
	return nil
}

func (s *sessions) forget(name string) { delete(s.all, name) }

func (s *sessions) Get(name string, check func(string) error) (int, error) {
	if n, ok := s.find(name); ok {
		return n, nil
	}
	err := s.open(name, check)
	if errors.Is(err, errTaken) {
		return s.Get(name, check)
	}
	return 1, err
}
