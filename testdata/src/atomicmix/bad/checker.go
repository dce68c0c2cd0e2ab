package bad

import (
	"sync/atomic"
)

// checker counts, and is no part of a test.
type checker struct {
	hits uint64
}

func (c *checker) Hit() { atomic.AddUint64(&c.hits, 1) }

func (c *checker) AssertHits(n uint64) {
	if c.hits != n { // want `plain read of c\.hits races with the atomic write on line 12; use package atomic for both`
		panic(n)
	}
}
