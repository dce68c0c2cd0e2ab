// Package onlytests has no file but this.
package onlytests

import (
	"sync"
	"testing"
)

type stats struct {
	mu    sync.Mutex
	calls int
	bytes int
}

func (s *stats) add(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	s.bytes += n
}

func (s *stats) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls, s.bytes = 0, 0
}

func (s *stats) mean() int {
	if s.calls == 0 { // want `read of s.calls before s.mu is locked on line 32 races with the write on line 25, which holds it; lock it first`
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes / s.calls
}

func TestMean(t *testing.T) {
	var s stats
	go s.add(1)
	go s.reset()
	go func() { s.add(s.mean()) }()
	s.mean()
}
