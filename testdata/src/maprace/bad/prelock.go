package bad

import "sync"

// The map is asked before the lock is taken that guards it.
type tally struct {
	mu sync.Mutex
	of map[string]int
}

func (t *tally) Add(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.of[key]++
}

func (t *tally) Drop(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.of, key)
}

func (t *tally) Has(key string) bool {
	if _, ok := t.of[key]; !ok { // want `read of t.of before t.mu is locked on line 27 races with the write on line 14, which holds it; lock it first`
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.of[key] > 1
}
