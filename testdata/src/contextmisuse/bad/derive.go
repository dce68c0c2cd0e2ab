package bad

import (
	"context"
	"time"
)

// retry has a context that is done in every turn but the first.
func retry(ctx context.Context, n int, try func(context.Context) error) (err error) {
	var cancel context.CancelFunc
	for range n {
		ctx, cancel = context.WithTimeout(ctx, time.Second) // want `context.WithTimeout derives ctx from itself after cancel on line \d+ has ended it: the new one is done at once; keep the parent under another name`
		err = try(ctx)
		cancel()
		if err == nil {
			return nil
		}
	}
	return err
}

// restart ends the context that the next one is derived from.
func restart(ctx context.Context, changes <-chan string, run func(context.Context, string)) {
	var cancel context.CancelFunc
	for name := range changes {
		if cancel != nil {
			cancel()
		}
		ctx, cancel = context.WithCancel(ctx) // want `context.WithCancel derives ctx from itself after cancel on line \d+ has ended it`
		go run(ctx, name)
	}
}

// turns are literals, each with a deferred cancel.
func turns(ctx context.Context, jobs []func(context.Context)) {
	for _, job := range jobs {
		func() {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, time.Second) // want `context.WithTimeout derives ctx from itself after cancel on line \d+ has ended it`
			defer cancel()
			job(ctx)
		}()
	}
}

// steps are two, and the second has no time.
func steps(ctx context.Context, first, second func(context.Context)) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	first(ctx)
	cancel()
	ctx, cancel = context.WithTimeout(ctx, time.Second) // want `context.WithTimeout derives ctx from itself after cancel on line \d+ has ended it`
	defer cancel()
	second(ctx)
}
