package good

import (
	"errors"
	"sync"
)

var errSpent = errors.New("spent")

// A credit shrinks by what each turn takes of it.
type credit struct {
	mu   sync.Mutex
	cond sync.Cond
	left int
	err  error
}

func (c *credit) await(ready func() bool, act func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !ready() {
		c.cond.Wait()
	}
	act()
}

// Write takes as much as there is, again and again.
func (c *credit) Write(p []byte, send func([]byte) error) (total int, err error) {
	for len(p) > 0 && err == nil {
		n := 0
		c.await(func() bool { return c.left > 0 || c.err != nil }, func() {
			if err = c.err; err == nil {
				n = min(len(p), c.left, 32)
				c.left -= n
			}
		})
		if err == nil {
			if err = send(p[:n]); err == nil {
				total += n
				p = p[n:]
			}
		}
	}
	return total, err
}

func (c *credit) grant(n int) {
	c.mu.Lock()
	c.left += n
	c.mu.Unlock()
	c.cond.Broadcast()
}

func serveCredit(p []byte, send func([]byte) error) error {
	c := &credit{left: 64}
	c.cond.L = &c.mu
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 8 {
			c.grant(i)
		}
		c.mu.Lock()
		c.err = errSpent
		c.mu.Unlock()
		c.cond.Broadcast()
	}()
	_, err := c.Write(p, send)
	<-done
	return err
}
