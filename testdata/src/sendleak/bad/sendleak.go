package bad

import "context"

func work() int { return 1 }

// The receiver may leave when ctx is done, and nobody receives any more.
func sendAfterCancel(ctx context.Context) (int, error) {
	results := make(chan int)
	go func() {
		results <- work() // want `send on results blocks forever if <-ctx.Done\(\) is taken on line \d+; make results with capacity 1`
	}()
	select {
	case r := <-results:
		return r, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}
