package good

import "golang.org/x/sync/errgroup"

const unlimited = -1

// There is no limit.
func fetchAll(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	g.SetLimit(unlimited)
	for _, url := range urls {
		g.Go(func() error { return fetch(url) })
	}
	return g.Wait()
}

// It is closed until it is opened.
func fetchLater(urls []string, fetch func(string) error, slots int) error {
	var g errgroup.Group
	g.SetLimit(0)
	first := g.TryGo(func() error { return fetch("/") })
	g.SetLimit(slots)
	for _, url := range urls {
		g.Go(func() error { return fetch(url) })
	}
	if first {
		return nil
	}
	return g.Wait()
}
