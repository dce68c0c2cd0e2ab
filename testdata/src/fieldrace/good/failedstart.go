package good

import (
	"context"
	"sync"
)

// A Child runs once, and says why it has ended.
type Child struct {
	mu      sync.Mutex
	start   func() error
	done    chan struct{}
	started bool
	err     error
}

// Start sets the error where there is no goroutine.
func (c *Child) Start(ctx context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.started {
		return
	}
	c.started = true
	if err := c.start(); err != nil {
		c.err = err
		close(c.done)
		return
	}
	go func() {
		defer close(c.done)
		<-ctx.Done()
		c.err = ctx.Err()
	}()
}

// Wait returns why it has ended.
func (c *Child) Wait() error {
	<-c.done
	return c.err
}
