// Package recovers sends one value, whether the work panics or not, and has room for it.
package recovers

import (
	"context"
	"fmt"
)

type result struct {
	conn string
	err  error
}

// Dial gives up when ctx is done; the goroutine does not wait for it.
func Dial(ctx context.Context, dial func() (string, error)) (string, error) {
	out := make(chan result, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				out <- result{err: fmt.Errorf("dial: %v", r)}
			}
		}()
		conn, err := dial()
		out <- result{conn, err}
	}()
	select {
	case r := <-out:
		return r.conn, r.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
