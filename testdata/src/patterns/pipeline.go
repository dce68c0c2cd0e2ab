package patterns

import "context"

// Generate sends the numbers below n. It owns the channel: it makes it, it is
// the only one to send, and it closes it.
func Generate(ctx context.Context, n int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := range n {
			select {
			case out <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// Square is a stage: it ends when its input does, or when nobody wants its
// output any more.
func Square(ctx context.Context, in <-chan int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for x := range in {
			select {
			case out <- x * x:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// FirstSquareAbove leaves the pipeline early. The cancel that it defers ends the
// stages.
func FirstSquareAbove(ctx context.Context, limit int) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for x := range Square(ctx, Generate(ctx, 1000)) {
		if x > limit {
			return x
		}
	}
	return -1
}
