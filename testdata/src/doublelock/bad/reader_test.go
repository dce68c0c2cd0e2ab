package bad

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

// The goroutine writes while the test runs.
func TestDay(t *testing.T) {
	a := &almanac{days: map[string]int{}}
	done := make(chan struct{})
	go func() {
		a.set("first", 1)
		close(done)
	}()
	a.mu.RLock()
	if a.day("first") > 1 { // want `a.day blocks forever if a writer waits: it calls a.mu.RLock \(reader_test.go:14\), held for reading since line 33`
		t.Error("lost")
	}
	a.mu.RUnlock()
	<-done
}
