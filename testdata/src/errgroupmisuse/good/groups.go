package good

import (
	"context"
	"net/http"

	"golang.org/x/sync/errgroup"
)

func fetch(ctx context.Context, url string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	println(url)
	return nil
}

func forgotten(ctx context.Context, urls []string) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error { return fetch(ctx, u) })
	}
	return g.Wait()
}

func forgottenZero(ctx context.Context, url string) error {
	var g errgroup.Group
	g.SetLimit(2)
	g.Go(func() error { return fetch(ctx, url) })
	return g.Wait()
}

func reportAfterWait(ctx context.Context, urls []string) error {
	g, gctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error { return fetch(gctx, u) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return fetch(ctx, "report")
}

func requestAfterWait(ctx context.Context) (*http.Request, error) {
	group, gctx := errgroup.WithContext(ctx)
	group.Go(func() error { return fetch(gctx, "a") })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return http.NewRequestWithContext(ctx, "GET", "b", nil)
}

func shadowInFunction(ctx context.Context, urls []string) error {
	var g errgroup.Group
	g.Go(func() error {
		var err error
		for _, u := range urls {
			if err = fetch(ctx, u); err != nil {
				break
			}
		}
		return err
	})
	return g.Wait()
}

func shadowAtWait(ctx context.Context, log func(error)) error {
	var err error
	var g errgroup.Group
	g.Go(func() error { return fetch(ctx, "a") })
	if err = g.Wait(); err != nil {
		log(err)
	}
	return err
}

// handedOn lets somebody else wait.
func handedOn(ctx context.Context) *errgroup.Group {
	g := new(errgroup.Group)
	g.Go(func() error { return fetch(ctx, "a") })
	return g
}

// anotherRound makes the context anew in each turn.
func anotherRound(ctx context.Context, n int) error {
	for range n {
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error { return fetch(ctx, "a") })
		if err := fetch(ctx, "b"); err != nil {
			return err
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// asksWhy looks at the context itself.
func asksWhy(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return fetch(ctx, "a") })
	if err := g.Wait(); err != nil {
		return context.Cause(ctx)
	}
	return ctx.Err()
}

// neverFails has functions without errors.
func neverFails(work func()) {
	var g errgroup.Group
	g.Go(func() error { work(); return nil })
	g.Wait()
}

// onPurpose says that the error does not matter.
func onPurpose(ctx context.Context) {
	var g errgroup.Group
	g.Go(func() error { return fetch(ctx, "a") })
	_ = g.Wait()
}

func secondRound(ctx context.Context) error {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error { return fetch(gctx, "a") })
	if err := g.Wait(); err != nil {
		return err
	}
	var second errgroup.Group
	second.Go(func() error { return fetch(ctx, "b") })
	return second.Wait()
}
