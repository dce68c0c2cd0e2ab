package bad

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"
)

type zone struct{ name string }

func (z *zone) stage(ctx context.Context) error    { return fetch(ctx, "stage/"+z.name) }
func (z *zone) activate(ctx context.Context) error { return fetch(ctx, "activate/"+z.name) }

// wrapAndDrop gives the error a name, in a variable that ends there.
func wrapAndDrop(ctx context.Context, east, west *zone) error {
	err := east.stage(ctx)
	if err != nil {
		return err
	}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return east.activate(gctx) })
	g.Go(func() error { return west.activate(gctx) })
	if err := g.Wait(); err != nil { // want `err := shadows the err of line \d+, which line \d+ returns; what line \d+ sets is never read, the caller never sees it; assign with =`
		err = fmt.Errorf("activate: %w", err)
	}
	return err
}

// dropBesideNamed has the outer variable among its results.
func dropBesideNamed(ctx context.Context, z *zone) (err error) {
	var g errgroup.Group
	g.Go(func() error { return z.activate(ctx) })
	if n := len(z.name); n > 0 {
		err := g.Wait() // want `err := shadows the err of line \d+, which line \d+ returns; what line \d+ sets is never read`
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
			if err := z.activate(ctx); err != nil { // want `err := shadows the err of line \d+, which line \d+ returns; what line \d+ sets is never read, g.Wait never sees it; assign with =`
				err = fmt.Errorf("activate: %w", err)
			}
		}
		return err
	})
	return g.Wait()
}
