package good

import (
	"sync"
	"testing"
	"time"
)

// clock runs until nobody asks.
type clock struct {
	mu      sync.Mutex
	running bool
}

func (c *clock) on() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.running
}

func (c *clock) start() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running = true
	go c.run()
}

func (c *clock) run() {
	time.Sleep(time.Second)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running = false
}

func TestClockEnds(t *testing.T) {
	var c clock
	c.start()
	for c.on() {
		time.Sleep(time.Millisecond)
	}
}
