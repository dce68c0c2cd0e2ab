package bad

import "golang.org/x/sync/errgroup"

const unlimited = 0

// No function ever gets a slot.
func fetchAll(urls []string, fetch func(string) error) error {
	var g errgroup.Group
	g.SetLimit(unlimited) // want `g\.SetLimit\(unlimited\) leaves no slot: g\.Go on line \d+ blocks forever; a negative limit is none`
	for _, url := range urls {
		g.Go(func() error { return fetch(url) })
	}
	return g.Wait()
}
