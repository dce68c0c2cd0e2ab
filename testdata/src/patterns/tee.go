package patterns

import "context"

// Tee sends every value to both of its outputs, to the one that is ready first.
// A case whose channel is nil is switched off.
func Tee(ctx context.Context, in <-chan int) (<-chan int, <-chan int) {
	a, b := make(chan int), make(chan int)
	go func() {
		defer close(a)
		defer close(b)
		for x := range in {
			toA, toB := a, b
			for range 2 {
				select {
				case toA <- x:
					toA = nil
				case toB <- x:
					toB = nil
				case <-ctx.Done():
					return
				}
			}
		}
	}()
	return a, b
}
