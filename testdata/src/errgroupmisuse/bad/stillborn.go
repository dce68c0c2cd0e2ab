package bad

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

type warm struct {
	wg   sync.WaitGroup
	keys []string
}

func (w *warm) load(ctx context.Context, key string) error { return ctx.Err() }

func (w *warm) Start(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, k := range w.keys {
		g.Go(func() error { return w.load(ctx, k) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	w.wg.Go(func() { w.refresh(ctx) }) // want `w.refresh gets a context that is done: ctx is canceled when g.Wait\(\) returns \(line 23\)`
	go w.report(ctx)
	return nil
}

func (w *warm) StartReports(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return w.load(ctx, "all") })
	err := g.Wait()
	go w.report(ctx) // want `w.report gets a context that is done: ctx is canceled when g.Wait\(\) returns \(line 34\)`
	return err
}

func (w *warm) refresh(ctx context.Context) {
	for {
		select {
		case <-time.After(time.Minute):
		case <-ctx.Done():
			return
		}
		for _, k := range w.keys {
			_ = w.load(ctx, k)
		}
	}
}

func (w *warm) report(ctx context.Context) {
	for ctx.Err() == nil {
		select {
		case <-time.After(time.Hour):
		case <-ctx.Done():
			return
		}
	}
}
