package bad

import "sync"

// A worker that the group counts comes to the Wait by the hook that the consumer has by default.
type consumer struct {
	wg      sync.WaitGroup
	in      chan string
	quit    chan struct{}
	onError func(error)
	handle  func(string) error
}

func newConsumer(handle func(string) error, onError func(error)) *consumer {
	c := &consumer{in: make(chan string), quit: make(chan struct{}), handle: handle}
	c.onError = c.failed
	if onError != nil {
		c.onError = onError
	}
	return c
}

func (c *consumer) Start(n int) {
	for range n {
		c.wg.Go(c.work)
	}
}

func (c *consumer) work() {
	for {
		select {
		case m := <-c.in:
			if err := c.handle(m); err != nil {
				c.onError(err)
			}
		case <-c.quit:
			return
		}
	}
}

func (c *consumer) failed(error) { c.Shutdown() }

func (c *consumer) Shutdown() {
	close(c.quit)
	c.wg.Wait() // want `c.wg.Wait blocks forever in consumer.work, by the call on line \d+: what it counts there is done when that returns`
}
