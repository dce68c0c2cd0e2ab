// Package bad holds unlocks that do not fit.
package bad

import "sync"

type store struct {
	mu    sync.RWMutex
	plain sync.Mutex
	m     map[string]int
}

// The program ends: fatal error.
func (s *store) readUnlock(key string) int {
	s.mu.RLock()
	defer s.mu.Unlock() // want `s\.mu\.Unlock panics: it was locked by RLock on line \d+; call s\.mu\.RUnlock`
	return s.m[key]
}

func (s *store) writeRUnlock(key string) {
	s.mu.Lock()
	s.m[key] = 1
	s.mu.RUnlock() // want `s\.mu\.RUnlock panics: it was locked by Lock on line \d+; call s\.mu\.Unlock`
}

// The error branch unlocks, and so does the deferred call.
func (s *store) deferAndUnlock(key string) int {
	s.plain.Lock()
	defer s.plain.Unlock() // want `s\.plain\.Unlock panics: s\.plain was unlocked on line \d+ and is not locked since`
	n, ok := s.m[key]
	if !ok {
		s.plain.Unlock()
		return 0
	}
	return n
}

func (s *store) twice(key string) {
	s.plain.Lock()
	if key == "" {
		s.plain.Unlock()
	}
	s.plain.Unlock() // want `s\.plain\.Unlock panics: s\.plain was unlocked on line \d+ and is not locked since`
}

// The second turn waits for the end of the function.
func (s *store) deferInLoop(keys []string) {
	for _, k := range keys {
		s.plain.Lock() // want `s\.plain\.Lock blocks forever in the second turn of the loop: the unlock deferred on line \d+ runs when the function ends`
		defer s.plain.Unlock()
		s.m[k]++
	}
}

func (s *store) tryIgnored(key string) {
	s.plain.TryLock() // want `s\.plain\.TryLock does not lock s\.plain if it is not free, and its result is not looked at; call Lock or test it`
	s.m[key]++
	s.plain.Unlock()
}
