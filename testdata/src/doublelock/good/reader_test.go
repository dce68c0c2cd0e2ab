package good

import (
	"sync"
	"testing"
)

type almanac struct {
	mu   sync.RWMutex
	days map[string]int
}

func (a *almanac) day(name string) int {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.days[name]
}

func (a *almanac) set(name string, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.days[name] = n
}

// Nobody writes while the test runs.
func TestDay(t *testing.T) {
	a := &almanac{days: map[string]int{}}
	a.set("first", 1)
	a.mu.RLock()
	if a.day("first") != 1 {
		t.Error("lost")
	}
	a.mu.RUnlock()
}
