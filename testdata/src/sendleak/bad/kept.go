package bad

import (
	"context"
	"sync"
)

// session is known to its hub, which only counts them.
type session struct {
	in chan string
}

type hub struct {
	mu       sync.Mutex
	sessions map[*session]bool
}

func (h *hub) open() *session {
	s := &session{in: make(chan string)}
	h.mu.Lock()
	h.sessions[s] = true
	h.mu.Unlock()
	return s
}

// Serve leaves when its time is over, and nobody else receives from a session.
func (h *hub) Serve(ctx context.Context, read func() (string, error), handle func(string)) error {
	s := h.open()
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
		s.in <- m // want `send on s.in blocks forever if <-ctx.Done\(\) is taken on line 37`
	}
}
