package good

import (
	"context"
	"time"
)

func watchFor(ctx context.Context) { <-ctx.Done() }

func deferredBoth(parent context.Context, timeout time.Duration, run func(context.Context) error) error {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	go watchFor(ctx)

	if timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	return run(ctx)
}

func either(parent context.Context, timeout time.Duration, run func(context.Context) error) error {
	var ctx context.Context
	var cancel context.CancelFunc
	if timeout > 0 {
		ctx, cancel = context.WithTimeout(parent, timeout)
	} else {
		ctx, cancel = context.WithCancel(parent)
	}
	defer cancel()
	return run(ctx)
}

func renewed(parent context.Context, next func() bool, run func(context.Context)) {
	ctx, cancel := context.WithCancel(parent)
	for next() {
		cancel()
		ctx, cancel = context.WithCancel(parent)
		go run(ctx)
	}
	cancel()
}
