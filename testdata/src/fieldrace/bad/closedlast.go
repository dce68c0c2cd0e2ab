package bad

import (
	"context"
	"errors"
	"sync"
)

// A Listener says why it has ended to whoever asks.
type Listener struct {
	mu     sync.Mutex
	closed bool
	err    error
	ended  chan struct{}
	conns  chan int
}

func NewListener() *Listener {
	return &Listener{ended: make(chan struct{}), conns: make(chan int)}
}

func (l *Listener) Accept(ctx context.Context) (int, error) {
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case c := <-l.conns:
		return c, l.err // want `read of l.err without l.mu races with the write on line \d+`
	case <-l.ended:
		return 0, nil
	}
}

func (l *Listener) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	if l.err == nil {
		l.err = errors.New("closed")
	}
	l.closed = true
	close(l.ended)
	return nil
}

func (l *Listener) Fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.closed = true
	l.err = err
	close(l.ended)
}
