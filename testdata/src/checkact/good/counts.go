package good

import "sync"

// Votes counts in a map that any number of handlers use.
type Votes struct {
	mu     sync.Mutex
	counts sync.Map // option -> int
}

func (v *Votes) Add(option string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	n := 0
	if old, ok := v.counts.Load(option); ok {
		n = old.(int)
	}
	n++
	v.counts.Store(option, n)
	return n
}
