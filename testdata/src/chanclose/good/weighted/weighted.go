// Package weighted closes when all of a semaphore has been given back.
package weighted

import (
	"context"

	"golang.org/x/sync/semaphore"
)

type B struct {
	out chan int
	sem *semaphore.Weighted
}

func NewB(n int64) *B {
	b := &B{out: make(chan int), sem: semaphore.NewWeighted(n)}
	for i := range n {
		b.sem.Acquire(context.Background(), 1)
		go func() {
			defer b.sem.Release(1)
			b.out <- int(i)
		}()
	}
	go func() {
		b.sem.Acquire(context.Background(), n) // all have been released
		close(b.out)
	}()
	return b
}

func (b *B) Next() (int, bool) { v, ok := <-b.out; return v, ok }
