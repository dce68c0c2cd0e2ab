package bad

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

// Reading the copy's fields races with those who hold the original's lock.
func describe(c *cache) string {
	return fmt.Sprint(*c) // want `call of fmt.Sprint copies c.entries \(sync.Map\): a store to one is missing in the other if copied before any; convert a pointer to it`
}

func boxed(c *cache) any {
	var v any = any(*c) // want `conversion to any copies c.entries \(sync.Map\): .*; convert a pointer to it`
	return v
}

func returned(c *cache) any {
	return *c // want `return copies c.entries \(sync.Map\): .*; convert a pointer to it`
}

func unboxed(v any) string {
	c := v.(cache) // want `type assertion copies v.\(cache\).entries \(sync.Map\) into c: .*; keep a pointer in v`
	return c.name
}

// The variable of the case is a copy of what v holds.
func switched(v any) string {
	switch c := v.(type) {
	case cache: // want `case cache copies c.entries \(sync.Map\): .*; keep a pointer in v`
		return c.name
	case flusher:
		c.flush()
	}
	return ""
}
