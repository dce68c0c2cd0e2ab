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
