package bad

import (
	"context"
	"log"
)

type lease interface{ Lost() <-chan struct{} }

type locker interface {
	Acquire(ctx context.Context, name string) (lease, error)
}

// Acquire fails as soon as ctx is done, and there is nothing else to do.
func holdLease(ctx context.Context, l locker, leases chan<- lease) {
	for {
		le, err := l.Acquire(ctx, "leader") // want `l\.Acquire fails at once when ctx is done, and the loop goes on \(line \d+\) without a look at it: it spins; leave it when ctx\.Err\(\) != nil`
		if err != nil {
			log.Print("cannot get the lease")
			continue
		}
		select {
		case <-ctx.Done():
			return
		case leases <- le:
		}
		<-le.Lost()
	}
}

type store interface {
	Get(ctx context.Context, key string) (int64, error)
	Watch(ctx context.Context, key string, rev int64) <-chan string
}

type cache struct {
	ctx   context.Context
	store store
}

// The request's context ends, and the loop looks at the one of the cache.
func (c *cache) monitor(ctx context.Context, key string, drop func(string)) {
	own, cancel := context.WithCancel(c.ctx)
	defer cancel()
	rev := int64(0)
	for own.Err() == nil {
		if rev == 0 {
			at, err := c.store.Get(ctx, key) // want `c\.store\.Get fails at once when ctx is done`
			if err != nil {
				continue
			}
			rev = at
		}
		for range c.store.Watch(own, key, rev) {
			drop(key)
		}
		rev = 0
	}
}
