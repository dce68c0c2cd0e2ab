package bad

import (
	"context"
	"time"
)

type lookout struct {
	every  time.Duration
	check  func(context.Context) error
	failed func(error)
}

type lookoutOption func(*lookout)

// WatchEvery sets the interval.
func WatchEvery(d time.Duration) lookoutOption {
	return func(w *lookout) { w.every = d } // want `write of w.every races with the read on line 41: nothing on the way there waits for the goroutine of line 29`
}

// WatchFailures is told of failures.
func WatchFailures(f func(error)) lookoutOption {
	return func(w *lookout) { w.failed = f } // want `write of w.failed races with the read on line 39`
}

// The goroutine runs, and reads, when the options are applied.
func startLookout(ctx context.Context, check func(context.Context) error, opts ...lookoutOption) *lookout {
	w := &lookout{every: time.Second, check: check, failed: func(error) {}}
	go w.run(ctx)
	for _, o := range opts {
		o(w)
	}
	return w
}

func (w *lookout) run(ctx context.Context) {
	for {
		if err := w.check(ctx); err != nil {
			w.failed(err)
		}
		if restFor(ctx, w.every) {
			return
		}
	}
}

func restFor(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return true
	case <-time.After(d):
		return false
	}
}
