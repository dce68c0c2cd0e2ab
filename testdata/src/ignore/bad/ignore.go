package bad

import "sync/atomic"

type counter struct{ n int64 }

func noReason(c *counter) {
	c.n = atomic.AddInt64(&c.n, 1) /* want `gives no reason` */ //conclint:ignore atomic
}

func unknownName(c *counter) {
	/* want `atomix is no analyzer of conclint` */ //conclint:ignore atomix the counter is only read after Wait
	c.n = atomic.AddInt64(&c.n, 1)
}

func noName(c *counter) {
	/* want `names no analyzer` */ //conclint:ignore
	c.n = atomic.AddInt64(&c.n, 1)
}

func useless(c *counter) {
	/* want `matches no finding of atomic` */ //conclint:ignore atomic the counter is only read after Wait
	atomic.AddInt64(&c.n, 1)
}
