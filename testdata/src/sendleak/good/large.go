package good

import (
	"context"
	"sync"
)

type totals struct {
	mu  sync.Mutex
	sum map[string]int
}

func (t *totals) add(k string, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sum[k] += n
}

// Much goes on beside what leaks: too much for all of it to be looked at together.
func report(ctx context.Context, names []string, count func(string) int, publish func(*totals) error, check func() error) error {
	t := &totals{sum: map[string]int{}}
	jobs := make(chan string)
	type counted struct {
		name string
		n    int
	}
	results := make(chan counted)
	var workers sync.WaitGroup
	for range 4 {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for name := range jobs {
				select {
				case results <- counted{name, count(name)}:
				case <-ctx.Done():
					return
				}
			}
		}()
	}
	go func() {
		defer close(jobs)
		for _, name := range names {
			select {
			case jobs <- name:
			case <-ctx.Done():
				return
			}
		}
	}()
	go func() {
		workers.Wait()
		close(results)
	}()
	var collectors sync.WaitGroup
	for range 2 {
		collectors.Add(1)
		go func() {
			defer collectors.Done()
			for r := range results {
				t.add(r.name, r.n)
			}
		}()
	}
	collectors.Wait()
	published := make(chan error, 1)
	go func() {
		published <- publish(t)
	}()
	if err := check(); err != nil {
		return err
	}
	return <-published
}
