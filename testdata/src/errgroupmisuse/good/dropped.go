package good

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"
)

type zone struct{ name string }

func (z *zone) stage(ctx context.Context) error    { return fetch(ctx, "stage/"+z.name) }
func (z *zone) activate(ctx context.Context) error { return fetch(ctx, "activate/"+z.name) }

// wrapAndDrop gives the error a name and returns it.
func wrapAndDrop(ctx context.Context, east, west *zone) error {
	err := east.stage(ctx)
	if err != nil {
		return err
	}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return east.activate(gctx) })
	g.Go(func() error { return west.activate(gctx) })
	if err = g.Wait(); err != nil {
		err = fmt.Errorf("activate: %w", err)
	}
	return err
}

// dropBesideNamed has the outer variable among its results.
func dropBesideNamed(ctx context.Context, z *zone) (err error) {
	var g errgroup.Group
	g.Go(func() error { return z.activate(ctx) })
	if n := len(z.name); n > 0 {
		err = g.Wait()
		if err != nil {
			err = fmt.Errorf("activate: %w", err)
		}
	}
	return
}

func pair() (int, error) { return 0, nil }

// dropInFunction does it in a function of the group.
func dropInFunction(ctx context.Context, z *zone) error {
	var g errgroup.Group
	g.Go(func() error {
		err := z.stage(ctx)
		if err == nil {
			n, _ := pair()
			println(n)
			if err = z.activate(ctx); err != nil {
				err = fmt.Errorf("activate: %w", err)
			}
		}
		return err
	})
	return g.Wait()
}

// wrapAndLog has another use for it.
func wrapAndLog(ctx context.Context, z *zone, log func(error)) error {
	err := z.stage(ctx)
	if err != nil {
		return err
	}
	var g errgroup.Group
	g.Go(func() error { return z.activate(ctx) })
	if err := g.Wait(); err != nil {
		err = fmt.Errorf("activate: %w", err)
		log(err)
	}
	return err
}

// outerSetLater returns another error.
func outerSetLater(ctx context.Context, z *zone) error {
	err := z.stage(ctx)
	var g errgroup.Group
	g.Go(func() error { return z.activate(ctx) })
	if err := g.Wait(); err != nil {
		err = fmt.Errorf("activate: %w", err)
	}
	err = z.stage(ctx)
	return err
}

// sentAtTheEnd is read by what is deferred.
func sentAtTheEnd(ctx context.Context, z *zone, out chan<- error) (err error) {
	var g errgroup.Group
	g.Go(func() error { return z.activate(ctx) })
	if z.name != "" {
		err := g.Wait()
		defer func() { out <- err }()
		if err != nil {
			err = fmt.Errorf("activate: %w", err)
		}
	}
	return err
}
