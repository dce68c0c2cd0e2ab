package good

import "golang.org/x/sync/errgroup"

type node struct{ kids []*node }

func nestedDirectly(nodes []*node, visit func(*node) error) error {
	var g errgroup.Group
	g.SetLimit(4)
	for _, n := range nodes {
		g.Go(func() error {
			var inner errgroup.Group
			for _, k := range n.kids {
				inner.Go(func() error { return visit(k) })
			}
			if err := inner.Wait(); err != nil {
				return err
			}
			return visit(n)
		})
	}
	return g.Wait()
}

func walkAll(root *node) error {
	g := new(errgroup.Group)
	walk(g, root)
	return g.Wait()
}

func walk(g *errgroup.Group, n *node) {
	for _, k := range n.kids {
		g.Go(func() error {
			walk(g, k)
			return nil
		})
	}
}

type crawler struct{ g errgroup.Group }

func newCrawler() *crawler {
	c := new(crawler)
	c.g.SetLimit(-1)
	return c
}

func (c *crawler) crawl(n *node) {
	for _, k := range n.kids {
		c.g.Go(func() error { return c.visit(k) })
	}
}

func (c *crawler) visit(n *node) error {
	c.crawl(n)
	return nil
}

// groupPerCall makes a group for each depth.
func groupPerCall(n *node) error {
	var g errgroup.Group
	g.SetLimit(2)
	for _, k := range n.kids {
		g.Go(func() error { return groupPerCall(k) })
	}
	return g.Wait()
}

// tryFirst does the work itself when there is no slot.
func tryFirst(nodes []*node, visit func(*node) error) error {
	var g errgroup.Group
	g.SetLimit(4)
	for _, n := range nodes {
		g.Go(func() error {
			for _, k := range n.kids {
				if !g.TryGo(func() error { return visit(k) }) {
					if err := visit(k); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	return g.Wait()
}
