package bad

import (
	"context"
	"time"
)

func watchFor(ctx context.Context) { <-ctx.Done() }

func replaced(parent context.Context, timeout time.Duration, run func(context.Context) error) error {
	ctx, cancel := context.WithCancel(parent) // want `cancel is overwritten on line 15 before it is called: the context of this line is not canceled before its parent is; keep both, and call both`
	go watchFor(ctx)

	if timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, timeout)
	}
	defer cancel()
	return run(ctx)
}
