package good

import "sync"

// A store loads what it does not have, few at a time.
type store struct {
	slots chan struct{}
	load  func(string) string
	mu    sync.Mutex
	have  map[string]string
}

func newStore(load func(string) string) *store {
	return &store{slots: make(chan struct{}, 4), load: load, have: make(map[string]string)}
}

func (s *store) find(key string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.have[key]
	return v, ok
}

func (s *store) get(key string) string {
	s.slots <- struct{}{}
	defer func() { <-s.slots }()
	if v, ok := s.find(key); ok {
		return v
	}
	return s.load(key)
}

// A lease keeps the slot until it is ended.
type leases struct{ slots chan struct{} }

type lease struct{ of *leases }

func newLeases() *leases { return &leases{slots: make(chan struct{}, 4)} }

func (l *leases) take(ok func() bool) *lease {
	l.slots <- struct{}{}
	if !ok() {
		<-l.slots
		return nil
	}
	return &lease{l}
}

func (l *lease) end() { <-l.of.slots }
