package good

import (
	"context"
	"sync"
)

// A machine moves from one state to the next; lockSettled returns with the lock when it
// returns no error, and the error of a context that is done is one.
type machine struct {
	mu      sync.Mutex
	moving  bool
	settled chan struct{}
	state   int
}

func (m *machine) lockSettled(ctx context.Context) error {
	for {
		m.mu.Lock()
		if !m.moving {
			return nil
		}
		ch := m.settled
		m.mu.Unlock()
		select {
		case <-ch:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (m *machine) State(ctx context.Context) (int, error) {
	if err := m.lockSettled(ctx); err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	return m.state, nil
}
