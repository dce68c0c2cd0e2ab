package bad

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

// forgotten returns while the fetches run, and nobody hears of their errors.
func forgotten(ctx context.Context, urls []string) {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error { return fetch(ctx, u) }) // want `g.Go starts a function that nobody waits for, and its error is lost: there is no g.Wait; call it`
	}
}

// forgottenZero does the same with a group that is declared.
func forgottenZero(ctx context.Context, url string) {
	var g errgroup.Group
	g.SetLimit(2)
	g.Go(func() error { return fetch(ctx, url) }) // want `g.Go starts a function that nobody waits for`
}

// reportAfterWait uses the group's context, which Wait has canceled: this
// fetch always fails.
func reportAfterWait(ctx context.Context, urls []string) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, u := range urls {
		g.Go(func() error { return fetch(ctx, u) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return fetch(ctx, "report") // want `fetch gets a context that is done: ctx is canceled when g.Wait\(\) returns \(line \d+\); pass the context that it is derived from`
}

// requestAfterWait derives from it.
func requestAfterWait(ctx context.Context) (*http.Request, error) {
	group, gctx := errgroup.WithContext(ctx)
	group.Go(func() error { return fetch(gctx, "a") })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return http.NewRequestWithContext(gctx, "GET", "b", nil) // want `http.NewRequestWithContext gets a context that is done: gctx is canceled when group.Wait\(\) returns`
}

// shadowInFunction returns the outer err, which nothing ever sets.
func shadowInFunction(ctx context.Context, urls []string) error {
	var g errgroup.Group
	g.Go(func() error {
		var err error
		for _, u := range urls {
			if err := fetch(ctx, u); err != nil { // want `err := shadows the err of line \d+, which is returned on line \d+ and always nil: g.Wait never sees it; assign with =`
				break
			}
		}
		return err
	})
	return g.Wait()
}

// shadowAtWait returns nil whatever the group says.
func shadowAtWait(ctx context.Context, log func(error)) error {
	var err error
	var g errgroup.Group
	g.Go(func() error { return fetch(ctx, "a") })
	if err := g.Wait(); err != nil { // want `err := shadows the err of line \d+, which is returned on line \d+ and always nil: the caller never sees it; assign with =`
		log(err)
	}
	return err
}

// secondRound starts the second round with the context of the first.
func secondRound(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return fetch(ctx, "a") })
	if err := g.Wait(); err != nil {
		return err
	}
	var second errgroup.Group
	second.Go(func() error { return fetch(ctx, "b") }) // want `fetch gets a context that is done: ctx is canceled when g.Wait\(\) returns`
	return second.Wait()
}
