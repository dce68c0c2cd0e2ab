// Package sources has channels in a slice, each of which is read until it is closed.
package sources

import "context"

func Sum(ctx context.Context, lists [][]int) (total int) {
	var sources []chan int
	for _, l := range lists {
		c := make(chan int)
		sources = append(sources, c)
		go func() {
			defer close(c)
			for i, n := range l {
				if i == 0 {
					c <- n // Sum reads until it is closed
					continue
				}
				select {
				case c <- n:
				case <-ctx.Done():
					return
				}
			}
		}()
	}
	for _, c := range sources {
		for n := range c {
			total += n
		}
	}
	return total
}
