package bad

import (
	"fmt"
	"sync"
)

// Whoever recovers goes on, and the lock stays locked.
func (q *queue) panicLocked() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	q.mu.Lock()
	if len(q.items) == 0 {
		panic("empty") // want `panic leaves q\.mu locked, since line \d+, and is recovered: the next q\.mu\.Lock blocks forever; defer q\.mu\.Unlock`
	}
	q.items = nil
	q.mu.Unlock()
	return nil
}

type meter struct {
	never sync.Mutex
	n     int
}

// Nobody ever unlocks it.
func (m *meter) neverUnlocked() int {
	m.never.Lock() // want `m\.never\.Lock is never followed by an unlock in this package: the next m\.never\.Lock blocks forever; defer m\.never\.Unlock`
	m.n++
	return m.n
}

type gauge struct {
	mu sync.Mutex
	n  int
}

func (g *gauge) inc() {
	g.mu.Lock()
	g.n++
	g.mu.Unlock()
}

// A Lock that was left behind.
func (g *gauge) leftBehind() int {
	g.mu.Lock() // want `g\.mu\.Lock has no unlock in this function, and no caller releases it: the next g\.mu\.Lock blocks forever; defer g\.mu\.Unlock`
	return g.n
}
