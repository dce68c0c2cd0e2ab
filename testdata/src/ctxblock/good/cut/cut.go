// Package cut has cut what it sends first to the room.
package cut

import "context"

func Sized(ctx context.Context, head []int, in <-chan int) <-chan int {
	out := make(chan int, 8)
	head = head[:min(len(head), 8)]
	go func() {
		defer close(out)
		for _, c := range head {
			out <- c
		}
		for c := range in {
			select {
			case out <- c:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}
