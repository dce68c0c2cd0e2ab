// Package good unlocks what it has locked.
package good

import "sync"

type store struct {
	mu    sync.RWMutex
	plain sync.Mutex
	m     map[string]int
}

func (s *store) readUnlock(key string) int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.m[key]
}

func (s *store) writeRUnlock(key string) {
	s.mu.Lock()
	s.m[key] = 1
	s.mu.Unlock()
}

func (s *store) deferAndUnlock(key string) int {
	s.plain.Lock()
	defer s.plain.Unlock()
	n, ok := s.m[key]
	if !ok {
		return 0
	}
	return n
}

func (s *store) twice(key string) {
	s.plain.Lock()
	if key == "" {
		s.plain.Unlock()
		return
	}
	s.plain.Unlock()
}

func (s *store) deferInLoop(keys []string) {
	for _, k := range keys {
		func() {
			s.plain.Lock()
			defer s.plain.Unlock()
			s.m[k]++
		}()
	}
}

func (s *store) tryIgnored(key string) {
	if !s.plain.TryLock() {
		return
	}
	s.m[key]++
	s.plain.Unlock()
}

// A callback that is not seen may lock again.
func (s *store) around(relock func()) {
	s.plain.Lock()
	s.plain.Unlock()
	relock()
	s.plain.Unlock()
}
