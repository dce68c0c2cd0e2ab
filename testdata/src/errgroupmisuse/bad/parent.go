package bad

import (
	"context"

	"golang.org/x/sync/errgroup"
)

type profiles interface {
	User(ctx context.Context, id string) (string, error)
	Orders(ctx context.Context, id string) ([]string, error)
}

// ordersGoOn reads all orders although the user could not be read.
func ordersGoOn(ctx context.Context, p profiles, id string) (user string, orders []string, err error) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		user, err = p.User(gctx, id)
		return err
	})
	g.Go(func() (err error) {
		orders, err = p.Orders(ctx, id) // want `p.Orders gets ctx: it goes on, and g.Wait waits for it, when another function of g has failed; pass gctx as the function on line \d+ does`
		return err
	})
	return user, orders, g.Wait()
}
