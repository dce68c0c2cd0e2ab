package good

import (
	"context"

	"golang.org/x/sync/errgroup"
)

type profiles interface {
	User(ctx context.Context, id string) (string, error)
	Orders(ctx context.Context, id string) ([]string, error)
}

// ordersGoOn ends when the user could not be read.
func ordersGoOn(ctx context.Context, p profiles, id string) (user string, orders []string, err error) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		user, err = p.User(gctx, id)
		return err
	})
	g.Go(func() (err error) {
		orders, err = p.Orders(gctx, id)
		return err
	})
	return user, orders, g.Wait()
}

// untilClosed stores what has come so far, and ends with the sender.
func untilClosed(ctx context.Context, p profiles, ids []string, store func(context.Context, string) error) error {
	found := make(chan string)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(found)
		for _, id := range ids {
			user, err := p.User(gctx, id)
			if err != nil {
				return err
			}
			found <- user
		}
		return nil
	})
	g.Go(func() error {
		for user := range found {
			if err := store(ctx, user); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// cleansUp has the group's context, too, and knows when to use which.
func cleansUp(ctx context.Context, p profiles, release func(context.Context) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		_, err := p.User(gctx, "a")
		return err
	})
	g.Go(func() error {
		<-gctx.Done()
		return release(ctx)
	})
	return g.Wait()
}

// derivedFrom has a context that ends with the group's.
func derivedFrom(ctx context.Context, p profiles) error {
	g, gctx := errgroup.WithContext(ctx)
	inner, cancel := context.WithCancel(gctx)
	defer cancel()
	g.Go(func() error {
		_, err := p.User(gctx, "a")
		return err
	})
	g.Go(func() error {
		if _, err := p.Orders(ctx, "a"); err != nil {
			return err
		}
		_, err := p.Orders(inner, "b")
		return err
	})
	return g.Wait()
}

// noneOfIt waits for all in any case.
func noneOfIt(ctx context.Context, p profiles) error {
	g, _ := errgroup.WithContext(ctx)
	g.Go(func() error {
		_, err := p.User(ctx, "a")
		return err
	})
	return g.Wait()
}
