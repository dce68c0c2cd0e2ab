// Package bad does with a lock held what can take long.
package bad

import (
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
	n        int
}

func (c *cache) retry() {
	c.mu.Lock()
	defer c.mu.Unlock()
	time.Sleep(time.Second) // want `time\.Sleep with c\.mu held since line \d+: whoever wants the lock waits as long; unlock it before`
	c.n++
}

func (c *cache) fetch(url string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	resp, err := c.client.Get(url) // want `c\.client\.Get with c\.mu held since line \d+`
	if err != nil {
		return err
	}
	c.n++
	return resp.Body.Close()
}

func (c *cache) publish() {
	c.mu.Lock()
	c.n++
	c.out <- c.n // want `send on c\.out with c\.mu held since line \d+`
	c.mu.Unlock()
}

func (c *cache) stop(quit chan bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wg.Wait() // want `c\.wg\.Wait with c\.mu held since line \d+`
	select {    // want `select with c\.mu held since line \d+`
	case <-c.out:
	case <-quit:
	}
}

func (c *cache) set(n int, done func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n = n
	c.onChange(n) // want `call of c\.onChange with c\.mu held since line \d+`
	done()        // want `call of done with c\.mu held since line \d+`
}
