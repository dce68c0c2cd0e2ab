package good

import "testing"

type clockwork struct {
	elapsed int
	ticks   chan struct{}
	stop    chan struct{}
	done    chan struct{}
}

func newClockwork() *clockwork {
	return &clockwork{ticks: make(chan struct{}), stop: make(chan struct{}), done: make(chan struct{})}
}

func (c *clockwork) run() {
	defer close(c.done)
	for {
		select {
		case <-c.ticks:
			c.elapsed++
		case <-c.stop:
			return
		}
	}
}

// The goroutine counts when it is told to, which it has not been where the test looks first.
func TestTick(t *testing.T) {
	c := newClockwork()
	go c.run()
	before := c.elapsed
	c.ticks <- struct{}{}
	close(c.stop)
	<-c.done
	if c.elapsed != before+1 {
		t.Errorf("elapsed = %d", c.elapsed)
	}
}
