// Package bounded has a context with a limit from a method.
package bounded

import (
	"context"
	"log"
	"time"
)

func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, time.Second)
}

func All(ctx context.Context, asks []func() <-chan int) (sum int) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	soft := time.NewTimer(time.Millisecond)
	defer soft.Stop()
	for _, ask := range asks {
		c := ask()
		select {
		case r := <-c:
			sum += r
		case <-soft.C:
			log.Print("slow")
		case <-ctx.Done():
			return sum
		}
	}
	return sum
}
