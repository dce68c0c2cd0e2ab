package good

import "sync"

type subscriber struct {
	on    *board
	c     chan int
	fired bool
}

type board struct {
	mu sync.Mutex
	m  map[*subscriber]bool
}

func newBoard() *board { return &board{m: make(map[*subscriber]bool)} }

func (b *board) Await() *subscriber {
	w := &subscriber{on: b, c: make(chan int, 1)}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.m[w] = true
	return w
}

func (b *board) Fire(v int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for w := range b.m {
		if !w.fired {
			w.fired = true
			w.c <- v // the only one, and there is room
		}
	}
}

func (w *subscriber) Forget() {
	w.on.mu.Lock()
	defer w.on.mu.Unlock()
	delete(w.on.m, w)
}

func (w *subscriber) Value() int { return <-w.c }
