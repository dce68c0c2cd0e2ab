// Package asksroom sends alone when a function says that there is room.
package asksroom

import "context"

func full(c chan int) bool { return len(c) == cap(c) }

func Beat(ctx context.Context, in <-chan int) <-chan int {
	out := make(chan int, 8)
	go func() {
		defer close(out)
		for e := range in {
			if e < 0 {
				if full(out) {
					continue
				}
				out <- e // the only sender, and there is room
				continue
			}
			select {
			case out <- e:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}
