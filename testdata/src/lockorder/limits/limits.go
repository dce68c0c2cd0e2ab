// Package limits holds what lockorder does not see.
package limits

import "sync"

type account struct {
	mu sync.Mutex
	n  int
}

// Two accounts can be the other way round in another call.
func transfer(from, to *account, n int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock()
	defer to.mu.Unlock()
	from.n -= n
	to.n += n
}
