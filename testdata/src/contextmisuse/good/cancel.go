package good

import (
	"context"
	"errors"
	"time"
)

type worker struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func newWorker(parent context.Context) *worker {
	w := new(worker)
	w.ctx, w.cancel = context.WithCancel(parent)
	return w
}

func (w *worker) Close() { w.cancel() }

type session struct {
	stop context.CancelFunc
}

func newSession(parent context.Context) (*session, context.Context) {
	ctx, cancel := context.WithTimeout(parent, time.Minute)
	return &session{stop: cancel}, ctx
}

func (s *session) end() { defer s.stop() }

func withLimit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, time.Minute)
}

func discardOfHelper(ctx context.Context) error {
	ctx, cancel := withLimit(ctx)
	defer cancel()
	c, err := dial(ctx)
	if err != nil {
		return err
	}
	return c.Close(ctx)
}

func missedOnError(ctx context.Context, n int) error {
	if n < 0 {
		return errors.New("negative")
	}
	ctx, cancel := withLimit(ctx)
	defer cancel()
	_, err := dial(ctx)
	return err
}

func deferEachTurn(parent context.Context, in <-chan int) {
	for range in {
		ctx, cancel := context.WithTimeout(parent, time.Second)
		_, _ = dial(ctx)
		cancel()
	}
}

// deferBeforeReturn leaves the loop in the same turn.
func deferBeforeReturn(parent context.Context, in <-chan int) error {
	for {
		if <-in > 0 {
			ctx, cancel := context.WithTimeout(parent, time.Second)
			defer cancel()
			_, err := dial(ctx)
			return err
		}
	}
}

// unlessFailed has nothing to cancel when the helper fails.
func unlessFailed(ctx context.Context) error {
	ctx, cancel, err := tryLimit(ctx)
	if err != nil {
		return err
	}
	defer cancel()
	_, err = dial(ctx)
	return err
}

func tryLimit(ctx context.Context) (context.Context, context.CancelFunc, error) {
	ctx, cancel := withLimit(ctx)
	return ctx, cancel, nil
}

// deferOnce is in a case that is taken at most once.
func deferOnce(parent context.Context, fallback <-chan time.Time, results <-chan error) error {
	for {
		select {
		case <-fallback:
			ctx, cancel := context.WithCancel(parent)
			defer cancel()
			_, _ = dial(ctx)
		case err := <-results:
			if err == nil {
				return nil
			}
		}
	}
}

// deferBefore calls whatever the variable holds at the end.
func deferBefore(parent context.Context, n int) error {
	var cancel context.CancelFunc
	ctx := parent
	defer func() {
		if cancel != nil {
			cancel()
		}
	}()
	ctx, cancel = withLimit(ctx)
	if n < 0 {
		return errors.New("negative")
	}
	_, err := dial(ctx)
	return err
}

type manager struct{ last context.CancelFunc }

func (m *manager) lastRequest() (context.CancelFunc, string) { return m.last, "last" }

// The cancel function that a getter hands out is called by who made it.
func lookAtStored(m *manager, wanted string) {
	_, name := m.lastRequest()
	cancel, _ := m.lastRequest()
	if name == wanted {
		return
	}
	cancel()
}

// A bare return hands the cancel function on.
func namedResult(ctx context.Context) (limited context.Context, cancel context.CancelFunc, err error) {
	limited, cancel = withLimit(ctx)
	return
}
