// Package job has a context with a limit in a field.
package job

import (
	"context"
	"log"
	"time"
)

type job struct{ ctx context.Context }

func (j *job) all(asks []func() <-chan int) (sum int) {
	soft := time.NewTimer(time.Millisecond)
	defer soft.Stop()
	for _, ask := range asks {
		c := ask()
		select {
		case r := <-c:
			sum += r
		case <-soft.C:
			log.Print("slow")
		case <-j.ctx.Done():
			return sum
		}
	}
	return sum
}

func All(ctx context.Context, asks []func() <-chan int) int {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return (&job{ctx}).all(asks)
}
