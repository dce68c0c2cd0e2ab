package bad

import (
	"sync"
	"sync/atomic"
)

// Counter counts what is under way, and lets nothing in any more once it is draining. Between
// the check and the Add, Drain can come and go.
type Counter struct {
	underway sync.WaitGroup
	draining atomic.Bool
	free     func()
}

func (c *Counter) enter() bool {
	if c.draining.Load() {
		return false
	}
	c.underway.Add(1) // want `the Add of c\.underway can run after the Wait on line 35 has returned, if c\.draining is set between the check on line 17 and this; do both under one lock`
	return true
}

func (c *Counter) Do(f func()) bool {
	if !c.enter() {
		return false
	}
	defer c.underway.Done()
	f()
	return true
}

func (c *Counter) Drain() {
	if c.draining.CompareAndSwap(false, true) {
		c.underway.Wait()
		c.free()
	}
}

// Gate does the same with a channel.
type Gate struct {
	inside sync.WaitGroup
	shut   chan struct{}
	once   sync.Once
}

func NewGate() *Gate { return &Gate{shut: make(chan struct{})} }

func (g *Gate) Enter() bool {
	select {
	case <-g.shut:
		return false
	default:
	}
	g.inside.Add(1) // want `the Add of g\.inside can run after the Wait on line 63 has returned, if g\.shut is set between the check on line 50 and this; do both under one lock`
	return true
}

func (g *Gate) Leave() { g.inside.Done() }

func (g *Gate) Shut() {
	close(g.shut)
	g.inside.Wait()
}
