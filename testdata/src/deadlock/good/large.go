package good

import (
	"context"
	"sync"
	"time"
)

type disk interface {
	scan(ctx context.Context, name string, updates chan<- int) error
}

type scanner struct {
	disks []disk
	every time.Duration
}

// The collector leaves with the context, and so do those that send to it.
// What there is of them stands in a struct that is handed over by value.
func (s scanner) scan(ctx context.Context, names []string, save func(int)) {
	work := make(chan string, len(names))
	for _, n := range names {
		work <- n
	}
	close(work)
	results := make(chan int, len(s.disks))
	var collector sync.WaitGroup
	collector.Add(1)
	go func() {
		defer collector.Done()
		t := time.NewTicker(s.every)
		defer t.Stop()
		sum := 0
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				save(sum)
			case n, ok := <-results:
				if !ok {
					save(sum)
					return
				}
				sum += n
			}
		}
	}()
	var wg sync.WaitGroup
	wg.Add(len(s.disks))
	for i := range s.disks {
		go func() {
			defer wg.Done()
			for name := range work {
				updates := make(chan int, 1)
				var one sync.WaitGroup
				one.Add(1)
				go func() {
					defer one.Done()
					for n := range updates {
						select {
						case results <- n:
						case <-ctx.Done():
						}
					}
				}()
				_ = s.disks[i].scan(ctx, name, updates)
				one.Wait()
			}
		}()
	}
	wg.Wait()
	close(results)
	collector.Wait()
}
