package good

import "sync"

// The goroutine reads for a request, and says when it has: who asked has written before.
type governor struct {
	mu       sync.Mutex
	hold     bool
	force    bool
	requests chan request
	gone     chan struct{}
}

type request struct {
	n    int
	done chan struct{}
}

func newGovernor() *governor {
	g := &governor{requests: make(chan request, 16), gone: make(chan struct{})}
	go g.run()
	return g
}

func (g *governor) run() {
	for {
		select {
		case r := <-g.requests:
			g.apply(r)
		case <-g.gone:
			return
		}
	}
}

func (g *governor) apply(r request) {
	if g.hold && r.n > 0 {
		println(r.n)
	}
	close(r.done)
}

func (g *governor) Update(n int) {
	g.mu.Lock()
	g.hold = n > 1
	g.mu.Unlock()
	done := make(chan struct{})
	g.requests <- request{n, done}
	<-done
}

func (g *governor) Hold() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.hold
}
