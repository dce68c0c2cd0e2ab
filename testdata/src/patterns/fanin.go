package patterns

import (
	"context"
	"sync"
)

// Merge fans several channels into one. Its output is closed when all inputs
// are, by a goroutine that waits for those that send.
func Merge(ctx context.Context, inputs ...<-chan int) <-chan int {
	out := make(chan int)
	var wg sync.WaitGroup
	for _, in := range inputs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for x := range in {
				select {
				case out <- x:
				case <-ctx.Done():
					return
				}
			}
		}()
	}
	go func() {
		wg.Wait()
		close(out)
	}()
	return out
}

// SumSquares fans the numbers below n out to several stages, and in again.
func SumSquares(ctx context.Context, n, stages int) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	numbers := Generate(ctx, n)
	var squares []<-chan int
	for range stages {
		squares = append(squares, Square(ctx, numbers))
	}
	sum := 0
	for x := range Merge(ctx, squares...) {
		sum += x
	}
	return sum
}
