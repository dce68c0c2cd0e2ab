package good

import (
	"net/http"
	"sync"
	"sync/atomic"
)

// All take the lock.
type console struct {
	mu      sync.Mutex
	enabled int32
	srv     *http.Server
}

func (c *console) Enable(serve func(*http.Server) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.enabled == 1 {
		return
	}
	srv := new(http.Server)
	c.srv, c.enabled = srv, 1
	go func() {
		if err := serve(srv); err != nil {
			c.mu.Lock()
			atomic.StoreInt32(&c.enabled, 0)
			c.mu.Unlock()
		}
	}()
}

func (c *console) Enabled() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.enabled == 1
}
