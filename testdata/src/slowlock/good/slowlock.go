// Package good does without the lock what can take long.
package good

import (
	"context"
	"net/http"
	"sync"
	"time"
)

type cache struct {
	mu       sync.Mutex
	wg       sync.WaitGroup
	client   *http.Client
	out      chan int
	onChange func(int)
	cancel   context.CancelFunc
	n        int
}

func (c *cache) retry() {
	time.Sleep(time.Second)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
}

func (c *cache) fetch(url string) error {
	resp, err := c.client.Get(url)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.n++
	c.mu.Unlock()
	return resp.Body.Close()
}

func (c *cache) publish() {
	c.mu.Lock()
	c.n++
	n := c.n
	c.mu.Unlock()
	c.out <- n
}

// Takes what there is, and never waits.
func (c *cache) stop(quit chan bool) {
	c.wg.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cancel()
	select {
	case <-c.out:
	case <-quit:
	default:
	}
}

func (c *cache) set(n int, done func()) {
	c.mu.Lock()
	c.n = n
	onChange := c.onChange
	c.mu.Unlock()
	onChange(n)
	done()
}

// A function of which everything is known is followed instead.
func (c *cache) add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	inc := func() { c.n++ }
	inc()
}
