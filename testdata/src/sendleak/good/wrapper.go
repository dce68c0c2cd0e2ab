package good

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"
)

// A copying has a producer and workers, which a helper starts.
type copying struct {
	rows    chan int
	convert func(int) (int, error)
	workers int
}

func newCopying(convert func(int) (int, error)) *copying {
	return &copying{rows: make(chan int), convert: convert, workers: 4}
}

func (c *copying) produce(ctx context.Context) error {
	defer close(c.rows)
	for i := 0; ; i++ {
		select {
		case c.rows <- i:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (c *copying) work(context.Context) error {
	for r := range c.rows {
		if _, err := c.convert(r); err != nil {
			return fmt.Errorf("row %d: %w", r, err)
		}
	}
	return nil
}

func (c *copying) run(parent context.Context) error {
	g, ctx := errgroup.WithContext(parent)
	start := func(step func(context.Context) error) {
		g.Go(func() error { return step(ctx) })
	}
	start(c.produce)
	for range c.workers {
		start(c.work)
	}
	return g.Wait()
}
