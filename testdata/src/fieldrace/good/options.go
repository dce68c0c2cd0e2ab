package good

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
	return func(w *lookout) { w.every = d }
}

// WatchFailures is told of failures.
func WatchFailures(f func(error)) lookoutOption {
	return func(w *lookout) { w.failed = f }
}

// The options are applied before the goroutine runs.
func startLookout(ctx context.Context, check func(context.Context) error, opts ...lookoutOption) *lookout {
	w := &lookout{every: time.Second, check: check, failed: func(error) {}}
	for _, o := range opts {
		o(w)
	}
	go w.run(ctx)
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
