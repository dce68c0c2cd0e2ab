package good

import (
	"sync"
	"testing"
)

// The test holds the lock, to see that others wait for it.
func TestExcludes(t *testing.T) {
	var mu sync.RWMutex
	mu.Lock()
	go func() {
		mu.RLock()
		t.Error("not excluded")
	}()
}
