package good

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
	t.lock()()
	return <-t.ticks
}
