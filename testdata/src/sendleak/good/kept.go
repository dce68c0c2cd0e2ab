package good

import (
	"context"
	"sync"
)

type session struct {
	in   chan string
	quit chan struct{}
}

type hub struct {
	mu       sync.Mutex
	sessions map[*session]bool
}

func (h *hub) open() *session {
	s := &session{in: make(chan string), quit: make(chan struct{})}
	h.mu.Lock()
	h.sessions[s] = true
	h.mu.Unlock()
	return s
}

func (h *hub) Serve(ctx context.Context, read func() (string, error), handle func(string)) error {
	s := h.open()
	defer close(s.quit)
	go s.receive(read)
	for {
		select {
		case m, ok := <-s.in:
			if !ok {
				return nil
			}
			handle(m)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *session) receive(read func() (string, error)) {
	defer close(s.in)
	for {
		m, err := read()
		if err != nil {
			return
		}
		select {
		case s.in <- m:
		case <-s.quit:
			return
		}
	}
}

// caller is found again by others, who receive what is left.
type caller struct {
	in chan string
}

type exchange struct {
	mu      sync.Mutex
	callers map[string]*caller
}

func (x *exchange) Serve(ctx context.Context, name string, read func() (string, error), handle func(string)) error {
	c := &caller{in: make(chan string)}
	x.mu.Lock()
	x.callers[name] = c
	x.mu.Unlock()
	go c.receive(read)
	for {
		select {
		case m, ok := <-c.in:
			if !ok {
				return nil
			}
			handle(m)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (c *caller) receive(read func() (string, error)) {
	defer close(c.in)
	for {
		m, err := read()
		if err != nil {
			return
		}
		c.in <- m
	}
}

func (x *exchange) Drain(name string) {
	x.mu.Lock()
	c := x.callers[name]
	x.mu.Unlock()
	for range c.in {
	}
}
