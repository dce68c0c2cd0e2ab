package good

import "sync"

type queue struct {
	mu    sync.Mutex
	items []int
}

func (q *queue) continueLocked(work func(int)) {
	for {
		q.mu.Lock()
		if len(q.items) == 0 {
			q.mu.Unlock()
			continue
		}
		n := q.items[0]
		q.mu.Unlock()
		work(n)
	}
}

func (q *queue) unlockInBranch(n int) {
	for range n {
		q.mu.Lock()
		if len(q.items) > 0 {
			q.items = q.items[1:]
		}
		q.mu.Unlock()
	}
}
