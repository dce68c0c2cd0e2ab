package good

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

// bookAfterWait books with the context that it was given.
func (s *shop) bookAfterWait(ctx context.Context, sku string) (string, error) {
	var price, shipping int
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		price, err = s.be.Price(gctx, sku)
		return err
	})
	g.Go(func() (err error) {
		shipping, err = s.be.Price(gctx, "shipping")
		return err
	})
	if err := g.Wait(); err != nil {
		return "", err
	}
	return s.be.Book(ctx, sku, price+shipping)
}

// undoAfterWait takes back what was done.
func undoAfterWait(ctx context.Context, do, undo func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return do(gctx) })
	if err := g.Wait(); err != nil {
		_ = undo(ctx)
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
	return s.reserve(ctx, "shipping")
}

func (s *shop) reserve(ctx context.Context, sku string) error {
	_, err := s.be.Book(ctx, sku, 0)
	return err
}

// rounds derives each context from the one outside.
func (s *shop) rounds(ctx context.Context, all [][]string) error {
	for _, round := range all {
		g, ctx := errgroup.WithContext(ctx)
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
	return tx(ctx, func(ctx context.Context) error {
		return s.reserve(ctx, "b")
	})
}

// onlyValues is given a context to look something up in it.
func (s *shop) onlyValues(ctx context.Context, log func(context.Context, string)) (string, error) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.reserve(gctx, "a") })
	if err := g.Wait(); err != nil {
		log(gctx, "reserve")
		return "", explain(gctx, err)
	}
	return tenant(gctx)
}

type key struct{}

func explain(ctx context.Context, err error) error { return err }

func tenant(ctx context.Context) (string, error) {
	name, _ := ctx.Value(key{}).(string)
	return name, nil
}

// deferredWait waits at the end, and the context is there until then.
func (s *shop) deferredWait(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	defer g.Wait()
	g.Go(func() error { return s.reserve(gctx, "a") })
	return s.reserve(gctx, "b")
}

// besideWait uses the context while another goroutine waits.
func (s *shop) besideWait(ctx context.Context, done chan<- error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.reserve(gctx, "a") })
	go func() { done <- g.Wait() }()
	return s.reserve(gctx, "b")
}

// inContext runs the function with what it finds in the context, and that is all.
func (s *shop) inContext(ctx context.Context, run func(context.Context, func(context.Context) error) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.reserve(gctx, "a") })
	if err := g.Wait(); err != nil {
		return err
	}
	return run(gctx, func(ctx context.Context) error {
		name, err := tenant(ctx)
		println(name)
		return err
	})
}

// derived gets a context back, with a value more in it.
func (s *shop) derived(ctx context.Context, tag func(context.Context, string) (context.Context, error)) (context.Context, error) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.reserve(gctx, "a") })
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return tag(gctx, "done")
}
