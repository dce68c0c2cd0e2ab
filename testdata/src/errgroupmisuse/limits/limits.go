// Package limits holds what is known to be missed.
package limits

import (
	"context"

	"golang.org/x/sync/errgroup"
)

func fetch(ctx context.Context, url string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	println(url)
	return nil
}

// parentContext does not give the group's context to the work, which goes on
// when another function has failed. It can be meant so.
func parentContext(ctx context.Context, urls []string) error {
	g, _ := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error { return fetch(ctx, u) })
	}
	return g.Wait()
}

// returnBeforeWait leaves the group alone on an error; its functions end some
// time.
func returnBeforeWait(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return fetch(ctx, "a") })
	if err := fetch(ctx, "b"); err != nil {
		return err
	}
	return g.Wait()
}

// errorsUnseen waits and does not look at the error.
func errorsUnseen(ctx context.Context) {
	var g errgroup.Group
	g.Go(func() error { return fetch(ctx, "a") })
	g.Wait()
}
