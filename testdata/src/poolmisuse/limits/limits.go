// Package limits holds what is missed.
package limits

import "sync"

type item struct{ tags []string }

var items = sync.Pool{New: func() any { return new(item) }}

// The tags may be reused by the next owner, or not.
func tags() []string {
	it := items.Get().(*item)
	t := it.tags
	items.Put(it)
	return t
}

type holder struct{ last *item }

// The holder still has it.
func (h *holder) keep() {
	it := items.Get().(*item)
	h.last = it
	items.Put(it)
}
