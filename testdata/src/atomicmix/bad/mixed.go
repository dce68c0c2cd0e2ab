// Package bad holds atomic words that are not always accessed as such.
package bad

import (
	"sync"
	"sync/atomic"
)

type stats struct {
	hits  int64
	state int32
}

func (s *stats) Hit() { atomic.AddInt64(&s.hits, 1) }

// The reader does not know.
func (s *stats) Hits() int64 {
	return s.hits // want `plain read of s.hits races with the atomic write on line 14; use package atomic for both`
}

func (s *stats) State() int32 { return atomic.LoadInt32(&s.state) }

// The writer does not know.
func (s *stats) Reset() {
	s.state = 0 // want `plain write of s.state races with the atomic read on line 21`
}

var running int32

func Start() bool { return atomic.CompareAndSwapInt32(&running, 0, 1) }

// A package variable is no other.
func Running() bool {
	return running == 1 // want `plain read of running races with the atomic write on line 30`
}

// The count is read before the goroutines have ended.
func countPlain(n int) int64 {
	var count int64
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { atomic.AddInt64(&count, 1) })
	}
	seen := count // want `plain read of count races with the atomic write on line 42`
	wg.Wait()
	return seen
}
