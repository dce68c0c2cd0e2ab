package bad

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
	s.slots <- struct{}{} // want `the return on line 27 keeps the slot of s.slots taken here: when all are lost, taking one blocks forever; defer the release`
	if v, ok := s.find(key); ok {
		return v
	}
	v := s.load(key)
	<-s.slots
	return v
}
