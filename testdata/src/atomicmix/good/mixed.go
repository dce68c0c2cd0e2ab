// Package good holds the scenarios of bad, atomic throughout.
package good

import (
	"sync"
	"sync/atomic"
)

type stats struct {
	hits  int64
	state int32
}

func (s *stats) Hit() { atomic.AddInt64(&s.hits, 1) }

// The reader knows.
func (s *stats) Hits() int64 {
	return atomic.LoadInt64(&s.hits)
}

func (s *stats) State() int32 { return atomic.LoadInt32(&s.state) }

// The writer knows.
func (s *stats) Reset() {
	atomic.StoreInt32(&s.state, 0)
}

var running int32

func Start() bool { return atomic.CompareAndSwapInt32(&running, 0, 1) }

// A package variable is no other.
func Running() bool {
	return atomic.LoadInt32(&running) == 1
}

// The count is read when the goroutines have ended.
func countPlain(n int) int64 {
	var count int64
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { atomic.AddInt64(&count, 1) })
	}
	wg.Wait()
	seen := count
	return seen
}
