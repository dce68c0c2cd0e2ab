// Package limits holds what lockorder does not see.
package limits

import "sync"

type account struct {
	mu sync.Mutex
	n  int
}

// Two elements can be the other way round in another call.
func transfer(all []*account, from, to, n int) {
	all[from].mu.Lock()
	defer all[from].mu.Unlock()
	all[to].mu.Lock()
	defer all[to].mu.Unlock()
	all[from].n -= n
	all[to].n += n
}
