package good

import (
	"fmt"
	"sync"
)

func (q *queue) panicLocked() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		panic("empty")
	}
	q.items = nil
	return nil
}

type meter struct {
	never sync.Mutex
	n     int
}

func (m *meter) neverUnlocked() int {
	m.never.Lock()
	defer m.never.Unlock()
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

func (g *gauge) leftBehind() int {
	return g.n
}

type entries struct {
	mu sync.Mutex
	m  map[int]*entry
}

type entry struct{ mu sync.Mutex }

func (e *entry) use() {
	e.mu.Lock()
	e.mu.Unlock()
}

// Nobody finds the entry any more; who has it is waited for.
func (es *entries) retire(k int, e *entry) {
	es.mu.Lock()
	delete(es.m, k)
	e.mu.Lock()
	es.mu.Unlock()
}
