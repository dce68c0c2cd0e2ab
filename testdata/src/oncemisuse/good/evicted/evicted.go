// Package evicted forgets the key, by a method, before it asks once more.
package evicted

import "golang.org/x/sync/singleflight"

type C struct {
	g    singleflight.Group
	load func(string) (any, error)
}

func (c *C) evict(k string) { c.g.Forget(k) }

func (c *C) Get(k string, tries int) (any, error) {
	v, err, _ := c.g.Do(k, func() (any, error) {
		v, err := c.load(k)
		if err != nil && tries > 0 {
			c.evict(k)
			return c.Get(k, tries-1)
		}
		return v, err
	})
	return v, err
}
