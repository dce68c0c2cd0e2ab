package good

import "sync"

type gated struct {
	mu sync.Mutex
	n  int
}

// lock returns what unlocks again.
func (t *gated) lock() func() {
	t.mu.Lock()
	return t.mu.Unlock
}

func newTicker() *gated {
	t := &gated{}
	go func() {
		for range 3 {
			t.add()
		}
	}()
	go t.run()
	return t
}

func (t *gated) add() {
	defer t.lock()()
	t.n++
}

func (t *gated) run() {
	for range 3 {
		t.mu.Lock()
		t.n++
		t.mu.Unlock()
	}
}
