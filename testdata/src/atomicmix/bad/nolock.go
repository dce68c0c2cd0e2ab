package bad

import (
	"net/http"
	"sync"
	"sync/atomic"
)

// All but the goroutine take the lock.
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
			atomic.StoreInt32(&c.enabled, 0)
		}
	}()
}

func (c *console) Enabled() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.enabled == 1 // want `plain read of c.enabled races with the atomic write on line 26; it holds c.mu, which that does not: take the lock there too`
}
