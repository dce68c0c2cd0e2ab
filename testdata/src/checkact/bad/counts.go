package bad

import "sync"

// Votes counts in a map that any number of handlers use.
type Votes struct {
	mu     sync.Mutex
	counts sync.Map // option -> int
}

func (v *Votes) Add(option string) int {
	n := 0
	if old, ok := v.counts.Load(option); ok {
		n = old.(int)
	}
	n++
	v.counts.Store(option, n) // want `a Store by another goroutine between the Load of v\.counts on line \d+ and this Store is lost; use CompareAndSwap in a loop, or a lock`
	return n
}
