package good

import "context"

func scanAll(ctx context.Context, names []string) <-chan int {
	out := make(chan int, len(names)+1) // room for all
	go func() {
		defer close(out)
		total := 0
		for _, n := range names {
			total += len(n)
			select {
			case out <- len(n):
			case <-ctx.Done():
				return
			}
		}
		out <- total
	}()
	return out
}
