package good

import (
	"fmt"
	"sync"
)

type cache struct {
	entries sync.Map
	name    string
}

func (*cache) flush() {}

type flusher interface{ flush() }

func describe(c *cache) string {
	return fmt.Sprint(c.name)
}

func boxed(c *cache) any {
	var v any = any(c)
	return v
}

func returned(c *cache) any {
	return c
}

func unboxed(v any) string {
	c := v.(*cache)
	return c.name
}

func switched(v any) string {
	switch c := v.(type) {
	case *cache:
		return c.name
	case flusher:
		c.flush()
	case cache:
		return "a cache"
	}
	return ""
}
