// Package limits holds what lockblock does not see.
package limits

import "sync"

type hub struct {
	mu sync.Mutex
	ch chan int
}

// The channel is given away.
func serve(h *hub, register func(chan int)) {
	h.ch = make(chan int)
	register(h.ch)
}

func (h *hub) send() {
	h.mu.Lock()
	h.ch <- 1
	h.mu.Unlock()
}

func (h *hub) recv() {
	h.mu.Lock()
	<-h.ch
	h.mu.Unlock()
}
