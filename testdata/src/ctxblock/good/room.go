package good

import "context"

// merge is the only one who sends on out, and sees that there is room before it sends alone.
func merge(ctx context.Context, next func() (int, bool)) <-chan int {
	out := make(chan int, 16)
	go func() {
		defer close(out)
		for {
			v, ok := next()
			if !ok {
				return
			}
			if v < 0 {
				if len(out) < cap(out) {
					out <- v
				}
				continue
			}
			select {
			case out <- v:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}
