package good

import (
	"context"
	"log"
	"time"
)

type lease interface{ Lost() <-chan struct{} }

type locker interface {
	Acquire(ctx context.Context, name string) (lease, error)
}

// Acquire fails as soon as ctx is done, and the loop ends.
func holdLease(ctx context.Context, l locker, leases chan<- lease) {
	for {
		le, err := l.Acquire(ctx, "leader")
		if err != nil {
			log.Print("cannot get the lease")
			if ctx.Err() != nil {
				return
			}
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

// The request's context ends with the one of the cache, which the loop looks at.
func (c *cache) monitor(ctx context.Context, key string, drop func(string)) {
	own, cancel := context.WithCancel(c.ctx)
	defer cancel()
	rev := int64(0)
	for own.Err() == nil {
		if rev == 0 {
			at, err := c.store.Get(own, key)
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

// It pauses.
func retryLater(ctx context.Context, s store) int64 {
	for {
		rev, err := s.Get(ctx, "head")
		if err != nil {
			time.Sleep(time.Second)
			continue
		}
		return rev
	}
}

// The context is one of its own each time.
func retryWithTimeout(s store) int64 {
	for {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		rev, err := s.Get(ctx, "head")
		cancel()
		if err != nil {
			continue
		}
		return rev
	}
}

// The context never ends.
func retryForEver(s store) int64 {
	ctx := context.Background()
	for {
		rev, err := s.Get(ctx, "head")
		if err != nil {
			continue
		}
		return rev
	}
}

// It looks before each attempt.
func retryWhileAlive(ctx context.Context, s store) (int64, error) {
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		rev, err := s.Get(ctx, "head")
		if err != nil {
			continue
		}
		return rev, nil
	}
}

// The limiter ends the loop.
func retryLimited(ctx context.Context, s store, wait func(context.Context) error) int64 {
	for {
		if wait(ctx) != nil {
			return 0
		}
		rev, err := s.Get(ctx, "head")
		if err != nil {
			continue
		}
		return rev
	}
}

// The context is derived from the one that the loop looks at.
func retryDerived(ctx context.Context, s store) int64 {
	own, cancel := context.WithCancel(ctx)
	defer cancel()
	for own.Err() == nil {
		rev, err := s.Get(ctx, "head")
		if err != nil {
			continue
		}
		return rev
	}
	return 0
}

// Three times, and no more.
func retryThrice(ctx context.Context, s store) int64 {
	for i := 0; i < 3; i++ {
		rev, err := s.Get(ctx, "head")
		if err != nil {
			continue
		}
		return rev
	}
	return 0
}
