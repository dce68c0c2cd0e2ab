package bad

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

// The lock is let go before the write.
func (t *ticker) add() {
	t.lock()()
	t.n++ // want `write of t\.n races with the read on line 36: the goroutines of line \d+ and line \d+ run at the same time; guard both by a mutex`
}

func (t *ticker) run() {
	for range 3 {
		t.mu.Lock()
		t.n++
		t.mu.Unlock()
	}
}
