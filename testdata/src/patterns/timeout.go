package patterns

import (
	"context"
	"time"
)

// WithTimeout gives up waiting for f. The channel has room for the result, so
// that f's goroutine ends even when nobody takes it.
func WithTimeout(ctx context.Context, d time.Duration, f func() int) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	result := make(chan int, 1)
	go func() { result <- f() }()
	select {
	case x := <-result:
		return x, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}
