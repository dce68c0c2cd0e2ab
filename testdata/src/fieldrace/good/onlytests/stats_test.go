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
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls == 0 {
		return 0
	}
	return s.bytes / s.calls
}

func TestMean(t *testing.T) {
	var s stats
	go s.add(1)
	go s.reset()
	go func() { s.add(s.mean()) }()
	s.mean()
}
