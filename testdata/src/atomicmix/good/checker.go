package good

import (
	"sync/atomic"
	"testing"
)

// Checker is part of a test, though not written in a test file: it looks when all is over.
type Checker struct {
	testing.TB
	hits uint64
}

func (c *Checker) Hit() { atomic.AddUint64(&c.hits, 1) }

func (c *Checker) AssertHits(n uint64) {
	if c.hits != n {
		c.Fatalf("%d hits", c.hits)
	}
}
