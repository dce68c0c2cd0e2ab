// Package limits holds what copylock misses and what it says too much.
package limits

import (
	"sync"

	"golang.org/x/sync/singleflight"
)

type item struct {
	mu sync.Mutex
	n  int
}

// Missed: a full slice moves, and with it the lock that first points to.
func growth(items []item) {
	first := &items[0]
	items = append(items, item{})
	first.mu.Lock()
}

// Missed: the lock was used before it was returned.
func named() (it item) {
	it.mu.Lock()
	it.n = 1
	it.mu.Unlock()
	return
}

// Missed: whether another package's function returns something new is not known.
func elsewhere(groups *sync.Pool) {
	g := *groups.Get().(*singleflight.Group) // want `assignment copies groups.Get\(\).\(\*singleflight.Group\).mu .*`
	h := *shared()
	g.Forget(h)
}

func shared() *string { return new(string) }

// Too much: zero was never used, so nothing is lost with it.
func nothing() (item, bool) {
	var zero item
	return zero, false // want `return copies zero.mu \(sync.Mutex\): .*`
}
