// Package ended hands out a context whose end says that the field may be read.
package ended

import (
	"context"
	"io"
)

// Ctx uses a context for done.
type Session struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	bytes  int
}

func Open(parent context.Context, r io.Reader) *Session {
	s := new(Session)
	s.ctx, s.cancel = context.WithCancelCause(context.WithoutCancel(parent))
	go s.read(r)
	return s
}

func (s *Session) read(r io.Reader) {
	n, err := io.Copy(io.Discard, r)
	s.bytes = int(n)
	if err == nil {
		err = io.EOF
	}
	s.cancel(err)
}

// Context ends with the session.
func (s *Session) Context() context.Context { return s.ctx }

// Bytes may be called when the session has ended.
func (s *Session) Bytes() int { return s.bytes }
