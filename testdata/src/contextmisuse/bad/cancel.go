package bad

import (
	"context"
	"errors"
	"time"
)

// A worker keeps its cancel function and never calls it.
type worker struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func newWorker(parent context.Context) *worker {
	w := new(worker)
	w.ctx, w.cancel = context.WithCancel(parent) // want `cancel is set and never called in this package: the context is never canceled and leaks until its parent is; call it when the work ends`
	return w
}

func (w *worker) Close() {}

// The same in a composite literal.
type session struct {
	stop context.CancelFunc
}

func newSession(parent context.Context) (*session, context.Context) {
	ctx, cancel := context.WithTimeout(parent, time.Minute)
	return &session{stop: cancel}, ctx // want `stop is set and never called in this package`
}

// withLimit is a function of the package that makes contexts.
func withLimit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, time.Minute)
}

// discardOfHelper throws away a cancel function that comes from a helper.
func discardOfHelper(ctx context.Context) error {
	ctx, _ = withLimit(ctx) // want `the cancel function that withLimit returns is discarded: its context leaks until the parent is done; keep and defer it`
	c, err := dial(ctx)
	if err != nil {
		return err
	}
	return c.Close(ctx)
}

// missedOnError returns without it when the input is bad.
func missedOnError(ctx context.Context, n int) error {
	ctx, cancel := withLimit(ctx) // want `cancel is not called before the return on line \d+: the context of withLimit leaks until its parent is done; defer cancel\(\)`
	if n < 0 {
		return errors.New("negative")
	}
	defer cancel()
	_, err := dial(ctx)
	return err
}

// deferEachTurn keeps all contexts until the loop ends.
func deferEachTurn(parent context.Context, in <-chan int) {
	for range in {
		ctx, cancel := context.WithTimeout(parent, time.Second)
		defer cancel() // want `defer cancel\(\) runs when the function returns, not at the end of the turn: the contexts of all turns pile up; call it at the end of the turn`
		_, _ = dial(ctx)
	}
}
