package bad

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// A bookings is another service.
type bookings interface {
	Price(ctx context.Context, sku string) (int, error)
	Book(ctx context.Context, sku string, total int) (string, error)
}

type shop struct{ be bookings }

// bookAfterWait books with the context of the quotes, which is done by then.
func (s *shop) bookAfterWait(ctx context.Context, sku string) (string, error) {
	var price, shipping int
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		price, err = s.be.Price(ctx, sku)
		return err
	})
	g.Go(func() (err error) {
		shipping, err = s.be.Price(ctx, "shipping")
		return err
	})
	if err := g.Wait(); err != nil {
		return "", err
	}
	return s.be.Book(ctx, sku, price+shipping) // want `s.be.Book gets a context that is done: ctx is canceled when g.Wait\(\) returns \(line \d+\); pass the context that it is derived from`
}

// undoAfterWait takes back what was done, which cannot work.
func undoAfterWait(ctx context.Context, do, undo func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return do(gctx) })
	if err := g.Wait(); err != nil {
		_ = undo(gctx) // want `undo gets a context that is done: gctx is canceled when g.Wait\(\) returns`
		return err
	}
	return nil
}

// through hands it to a function of the package that works with it.
func (s *shop) through(ctx context.Context, sku string) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.reserve(gctx, sku) })
	if err := g.Wait(); err != nil {
		return err
	}
	return s.reserve(gctx, "shipping") // want `s.reserve gets a context that is done: gctx is canceled when g.Wait\(\) returns`
}

func (s *shop) reserve(ctx context.Context, sku string) error {
	_, err := s.be.Book(ctx, sku, 0)
	return err
}

// rounds derives the context of the second round from that of the first.
func (s *shop) rounds(ctx context.Context, all [][]string) error {
	var g *errgroup.Group
	for _, round := range all {
		g, ctx = errgroup.WithContext(ctx) // want `errgroup.WithContext gets a context that is done: ctx is canceled when g.Wait\(\) returns`
		for _, sku := range round {
			g.Go(func() error { return s.reserve(ctx, sku) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// inTransaction works in what it gives to the call.
func (s *shop) inTransaction(ctx context.Context, tx func(context.Context, func(context.Context) error) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.reserve(gctx, "a") })
	if err := g.Wait(); err != nil {
		return err
	}
	return tx(gctx, func(ctx context.Context) error { // want `tx gets a context that is done: gctx is canceled when g.Wait\(\) returns`
		return s.reserve(ctx, "b")
	})
}
