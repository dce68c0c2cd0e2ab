package bad

import "golang.org/x/sync/errgroup"

type node struct{ kids []*node }

// nestedDirectly holds a slot while it waits for another.
func nestedDirectly(nodes []*node, visit func(*node) error) error {
	var g errgroup.Group
	g.SetLimit(4)
	for _, n := range nodes {
		g.Go(func() error {
			for _, k := range n.kids {
				g.Go(func() error { return visit(k) }) // want `g.Go blocks forever once all slots \(limit on line \d+\) are held by functions that call it, started on line \d+; use another group`
			}
			return visit(n)
		})
	}
	return g.Wait()
}

// walkAll limits the group that walk uses in its own depth.
func walkAll(root *node) error {
	g := new(errgroup.Group)
	g.SetLimit(8)
	walk(g, root)
	return g.Wait()
}

func walk(g *errgroup.Group, n *node) {
	for _, k := range n.kids {
		g.Go(func() error { // want `g.Go blocks forever once all slots \(limit on line \d+\) are held by functions that call it`
			walk(g, k)
			return nil
		})
	}
}

// A crawler takes its slots from one group in all depths.
type crawler struct{ g errgroup.Group }

func newCrawler() *crawler {
	c := new(crawler)
	c.g.SetLimit(10)
	return c
}

func (c *crawler) crawl(n *node) {
	for _, k := range n.kids {
		c.g.Go(func() error { return c.visit(k) }) // want `c.g.Go blocks forever once all slots \(limit on line \d+\) are held by functions that call it`
	}
}

func (c *crawler) visit(n *node) error {
	c.crawl(n)
	return nil
}
