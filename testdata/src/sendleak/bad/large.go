package bad

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
	published := make(chan error)
	go func() {
		published <- publish(t) // want `send on published blocks forever if report returns on line \d+; make published with capacity 1`
	}()
	if err := check(); err != nil {
		return err
	}
	return <-published
}

// One defect, whichever way the goroutine takes.
func supported(ctx context.Context, probe func() (bool, error)) bool {
	ok := make(chan bool)
	go func() {
		yes, err := probe()
		if err != nil {
			ok <- false // want `send on ok blocks forever if <-ctx.Done\(\) is taken on line \d+; make ok with capacity 1`
			return
		}
		if !yes {
			ok <- false
			return
		}
		ok <- true
	}()
	select {
	case <-ctx.Done():
		return false
	case yes := <-ok:
		return yes
	}
}
