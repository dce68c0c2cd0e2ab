package good

import "context"

func work() int { return 1 }

// The receiver may leave when ctx is done, and nobody receives any more.
func sendAfterCancel(ctx context.Context) (int, error) {
	results := make(chan int, 1)
	go func() {
		results <- work()
	}()
	select {
	case r := <-results:
		return r, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}
