package patterns

import (
	"context"
	"sync"
)

// Lengths has a fixed number of workers. The jobs are indices: each worker
// writes elements that no other one touches, so there is nothing to lock.
func Lengths(ctx context.Context, words []string, workers int) ([]int, error) {
	lengths := make([]int, len(words))
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range jobs {
				lengths[i] = len(words[i])
			}
		}()
	}
feed:
	for i := range words {
		select {
		case jobs <- i:
		case <-ctx.Done():
			break feed // not just the select
		}
	}
	close(jobs) // ends the workers
	wg.Wait()   // before the results are read
	return lengths, ctx.Err()
}
