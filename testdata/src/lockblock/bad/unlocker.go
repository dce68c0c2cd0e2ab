package bad

import "sync"

type meter struct {
	mu    sync.Mutex
	ticks chan int
	n     int
}

func newMeter() *meter {
	t := &meter{ticks: make(chan int)}
	go t.run()
	return t
}

// lock returns what unlocks again.
func (t *meter) lock() func() {
	t.mu.Lock()
	return t.mu.Unlock
}

func (t *meter) run() {
	for {
		t.mu.Lock()
		t.n++
		t.mu.Unlock()
		t.ticks <- t.n
	}
}

// The meter needs the lock before it sends.
func (t *meter) wait() int {
	defer t.lock()()
	return <-t.ticks // want `receive from t\.ticks blocks forever: t\.mu is held since line \d+, and the send \(line \d+\) comes after a Lock of it; unlock it before`
}
