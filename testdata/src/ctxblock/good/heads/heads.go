// Package heads has room for just what is sent alone.
package heads

import "context"

func Burst(ctx context.Context, rest []int) <-chan int {
	const heads = 3
	out := make(chan int, heads)
	go func() {
		defer close(out)
		for i := range heads {
			out <- i // room for just these
		}
		for _, e := range rest {
			select {
			case out <- e:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}
