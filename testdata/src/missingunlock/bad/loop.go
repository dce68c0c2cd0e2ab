package bad

import "sync"

type queue struct {
	mu    sync.Mutex
	items []int
}

// The next turn waits for this one.
func (q *queue) continueLocked(work func(int)) {
	for {
		q.mu.Lock()
		if len(q.items) == 0 {
			continue // want `continue leaves q\.mu locked, and q\.mu\.Lock on line \d+ blocks forever in the next turn; call q\.mu\.Unlock before it`
		}
		n := q.items[0]
		q.mu.Unlock()
		work(n)
	}
}

// The turn ends at the bottom of the loop.
func (q *queue) unlockInBranch(n int) {
	for range n {
		q.mu.Lock() // want `q\.mu\.Lock blocks forever in the next turn of the loop if this turn ends without q\.mu\.Unlock`
		if len(q.items) > 0 {
			q.items = q.items[1:]
			q.mu.Unlock()
		}
	}
}
