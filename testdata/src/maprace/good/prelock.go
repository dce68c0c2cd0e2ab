package good

import "sync"

type tally struct {
	kinds map[string]bool // filled before the tally is shared
	mu    sync.Mutex
	of    map[string]int
}

func newTally(kinds ...string) *tally {
	t := &tally{kinds: make(map[string]bool), of: make(map[string]int)}
	for _, k := range kinds {
		t.kinds[k] = true
	}
	return t
}

func (t *tally) Add(key string) {
	if !t.kinds[key] {
		return
	}
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
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.of[key] > 1
}
