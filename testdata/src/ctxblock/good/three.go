package good

import "context"

// room for all, by a constant
func threeAndSum(ctx context.Context, f func(int) int) <-chan int {
	out := make(chan int, 4)
	go func() {
		defer close(out)
		sum := 0
		for i := range 3 {
			v := f(i)
			sum += v
			select {
			case out <- v:
			case <-ctx.Done():
				return
			}
		}
		out <- sum
	}()
	return out
}
