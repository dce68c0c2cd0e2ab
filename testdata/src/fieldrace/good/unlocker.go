package good

import "sync"

type ticker struct {
	mu sync.Mutex
	n  int
}

// lock returns what unlocks again.
func (t *ticker) lock() func() {
	t.mu.Lock()
	return t.mu.Unlock
}

func newTicker() *ticker {
	t := &ticker{}
	go func() {
		for range 3 {
			t.add()
		}
	}()
	go t.run()
	return t
}

func (t *ticker) add() {
	defer t.lock()()
	t.n++
}

func (t *ticker) run() {
	for range 3 {
		t.mu.Lock()
		t.n++
		t.mu.Unlock()
	}
}
