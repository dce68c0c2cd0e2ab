package good

import (
	"context"
	"sync"
)

type reader struct {
	ctx  context.Context
	mu   sync.Mutex
	cond *sync.Cond
}

// NewReader gives its caller what ends the goroutine.
func NewReader() (*reader, context.CancelFunc) {
	r, cancel := newReader()
	return r, cancel
}

func newReader() (*reader, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	r := &reader{ctx: ctx}
	r.cond = sync.NewCond(&r.mu)
	go func() {
		<-ctx.Done()
		r.mu.Lock()
		r.cond.Broadcast()
		r.mu.Unlock()
	}()
	return r, cancel
}

func (r *reader) wait() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.ctx.Err() == nil {
		r.cond.Wait()
	}
}

type session struct {
	ctx       context.Context
	cancelCtx context.CancelFunc
}

// The session has what ends its goroutine.
func newSession(ctx context.Context) *session {
	s := new(session)
	s.ctx, s.cancelCtx = context.WithCancel(ctx)
	go func() {
		<-s.ctx.Done()
		s.Close()
	}()
	return s
}

func (s *session) Close() { s.cancelCtx() }
