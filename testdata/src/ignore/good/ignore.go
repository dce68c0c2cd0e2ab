package good

import "sync/atomic"

type counter struct{ n int64 }

func noReason(c *counter) {
	c.n = atomic.AddInt64(&c.n, 1) //conclint:ignore atomic the counter is only read after Wait
}

func unknownName(c *counter) {
	//conclint:ignore atomic the counter is only read after Wait
	c.n = atomic.AddInt64(&c.n, 1)
}

// The directive of a declaration covers all of it.
//
//conclint:ignore atomic,races the counter is only read after Wait
func noName(c *counter) {
	if c.n == 0 {
		c.n = atomic.AddInt64(&c.n, 1)
	}
}

func useless(c *counter) {
	//conclint:ignore atomic the counter is only read after Wait
	c.n = atomic.AddInt64(&c.n, 1)
}

// Left to golangci-lint's own check, needed or not.
func nolint(c *counter) {
	c.n = 1 //nolint:conclint
}
