// Package good has a type that can be started anew, with a channel for each time.
package good

import (
	"sync"
	"time"
)

type Poller struct {
	mu      sync.Mutex
	running bool
	quit    chan struct{}
	every   time.Duration
}

func NewPoller(every time.Duration) *Poller { return &Poller{every: every} }

func (p *Poller) Resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running {
		return
	}
	p.running = true
	p.quit = make(chan struct{})
	go p.loop(p.quit)
}

func (p *Poller) loop(quit <-chan struct{}) {
	for {
		select {
		case <-time.After(time.Second):
		case <-quit:
			return
		}
	}
}

func (p *Poller) Pause() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.running {
		return
	}
	p.running = false
	close(p.quit)
}

func (p *Poller) Reset(every time.Duration) {
	p.Pause()
	p.mu.Lock()
	p.every = every
	p.mu.Unlock()
	p.Resume()
}

// A Server is started once, and stopped once: nobody starts it anew.
type Server struct {
	mu      sync.Mutex
	running bool
	quit    chan struct{}
}

func NewServer() *Server { return &Server{quit: make(chan struct{})} }

func (s *Server) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = true
}

func (s *Server) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.running {
		return
	}
	s.running = false
	close(s.quit)
}

func (s *Server) Done() <-chan struct{} { return s.quit }

func run(s *Server, wait func()) {
	s.Start()
	wait()
	s.Stop()
}

// A Gate is open until it is shut, which its own flag remembers.
type Gate struct {
	mu   sync.Mutex
	shut bool
	gone chan struct{}
}

func NewGate() *Gate { return &Gate{gone: make(chan struct{})} }

func (g *Gate) Shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut {
		return
	}
	g.shut = true
	close(g.gone)
}

func (g *Gate) Wait() { <-g.gone }

func (g *Gate) ShutAndWait() {
	g.Shut()
	g.Wait()
}
