package good

import (
	"sync"
	"sync/atomic"
)

// Counter checks and counts under one lock, which who drains takes too.
type Counter struct {
	mu       sync.Mutex
	underway sync.WaitGroup
	draining bool
	free     func()
}

func (c *Counter) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.draining {
		return false
	}
	c.underway.Add(1)
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
	c.mu.Lock()
	c.draining = true
	c.mu.Unlock()
	c.underway.Wait()
	c.free()
}

// Gate looks once more when it has counted.
type Gate struct {
	inside sync.WaitGroup
	shut   atomic.Bool
}

func (g *Gate) Enter() bool {
	if g.shut.Load() {
		return false
	}
	g.inside.Add(1)
	if g.shut.Load() {
		g.inside.Done()
		return false
	}
	return true
}

func (g *Gate) Leave() { g.inside.Done() }

func (g *Gate) Shut() {
	g.shut.Store(true)
	g.inside.Wait()
}

// Acceptor waits for its loop, which makes the Adds, before it waits for what was added.
type Acceptor struct {
	accept  func() func()
	loop    chan struct{}
	quit    chan struct{}
	serving sync.WaitGroup
}

func NewAcceptor(accept func() func()) *Acceptor {
	a := &Acceptor{accept: accept, loop: make(chan struct{}), quit: make(chan struct{})}
	go a.run()
	return a
}

func (a *Acceptor) run() {
	defer close(a.loop)
	for a.serve(a.accept()) {
	}
}

func (a *Acceptor) serve(f func()) bool {
	select {
	case <-a.quit:
		return false
	default:
	}
	a.serving.Add(1)
	go func() {
		defer a.serving.Done()
		f()
	}()
	return true
}

func (a *Acceptor) Close() {
	close(a.quit)
	<-a.loop
	a.serving.Wait()
}
