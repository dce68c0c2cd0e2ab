// Package limits holds what lockmismatch does not see.
package limits

import "sync"

// Read locks are counted by nobody.
func twiceRead(mu *sync.RWMutex) {
	mu.RLock()
	mu.RUnlock()
	mu.RUnlock()
}
