package good

import (
	"iter"
	"sync"
	"time"
)

// A Clock wakes who waits by a channel that it makes anew: After stops nothing, and who
// waits for sleepers waits until somebody calls it once more.
type Clock struct {
	mu       sync.Mutex
	now      time.Time
	sleepers []chan time.Time
	changed  chan struct{}
}

func NewClock() *Clock { return &Clock{changed: make(chan struct{})} }

func (c *Clock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch := make(chan time.Time, 1)
	if d <= 0 {
		ch <- c.now
		return ch
	}
	c.sleepers = append(c.sleepers, ch)
	close(c.changed)
	c.changed = make(chan struct{})
	return ch
}

func (c *Clock) WaitSleepers(n int) {
	for {
		c.mu.Lock()
		have, ch := len(c.sleepers), c.changed
		c.mu.Unlock()
		if have >= n {
			return
		}
		<-ch
	}
}

// A Tube is closed by who sends. Produce runs that: it has the sender's methods to call.
type Tube struct {
	items  chan int
	closed chan struct{}
}

func NewTube() *Tube { return &Tube{items: make(chan int), closed: make(chan struct{})} }

func (t *Tube) Send(n int) { t.items <- n }

// Close is for the sender, once.
func (t *Tube) Close() { close(t.closed) }

func (t *Tube) Next() (int, bool) {
	select {
	case n := <-t.items:
		return n, true
	case <-t.closed:
		return 0, false
	}
}

func Produce(seq iter.Seq[int]) *Tube {
	t := NewTube()
	go func() {
		defer t.Close()
		for n := range seq {
			t.Send(n)
		}
	}()
	return t
}
