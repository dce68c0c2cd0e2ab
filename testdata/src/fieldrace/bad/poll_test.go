package bad

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

// The lock is on one side only.
func TestClockEnds(t *testing.T) {
	var c clock
	c.start()
	for c.running { // want `the loop waits for c.running by plain reads, which race with the write on line \d+ and need never see it`
		time.Sleep(time.Millisecond)
	}
}
