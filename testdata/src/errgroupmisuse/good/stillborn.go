package good

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
	g, gctx := errgroup.WithContext(ctx)
	for _, k := range w.keys {
		g.Go(func() error { return w.load(gctx, k) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	w.wg.Go(func() { w.refresh(ctx) })
	go w.report(ctx)
	return nil
}

func (w *warm) StartReports(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return w.load(gctx, "all") })
	err := g.Wait()
	go w.report(ctx)
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

// flush hands the context to a goroutine that takes its values out of it, and does not wait.
func (w *warm) flush(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return w.load(ctx, "all") })
	err := g.Wait()
	go trace(ctx, err)
	return err
}

type traceKey struct{}

func trace(ctx context.Context, err error) { _ = ctx.Value(traceKey{}) }
