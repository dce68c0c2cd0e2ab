// Package marked closes once what an error marks as closed: that of a context that is done is never nil.
package marked

import (
	"context"
	"sync"
	"time"
)

// A Ctx is a context with a clock of its own.
type Ctx struct {
	context.Context
	mu   sync.Mutex
	done chan struct{}
	err  error
}

// With makes a Ctx that ends with its parent, or after d.
func With(parent context.Context, d time.Duration) (*Ctx, func()) {
	c := &Ctx{Context: parent, done: make(chan struct{})}
	if parent.Done() != nil {
		go func() {
			select {
			case <-parent.Done():
				c.cancel(parent.Err())
			case <-c.done:
			}
		}()
	}
	if d <= 0 {
		c.cancel(context.DeadlineExceeded)
	}
	return c, func() { c.cancel(context.Canceled) }
}

func (c *Ctx) cancel(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return
	}
	c.err = err
	close(c.done)
}

// Done is closed when the context ends.
func (c *Ctx) Done() <-chan struct{} { return c.done }
