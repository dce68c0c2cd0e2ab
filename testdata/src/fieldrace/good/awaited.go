package good

import "sync"

type lease struct {
	mu   sync.Mutex
	free *sync.Cond
	res  *string
	uses int
}

func NewLease(s string) *lease {
	h := &lease{res: &s}
	h.free = sync.NewCond(&h.mu)
	return h
}

func (h *lease) Read() string {
	h.mu.Lock()
	if h.res == nil {
		h.mu.Unlock()
		return ""
	}
	h.uses++ // Drop waits
	h.mu.Unlock()
	s := *h.res
	h.mu.Lock()
	h.uses--
	h.free.Broadcast()
	h.mu.Unlock()
	return s
}

func (h *lease) Drop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for h.uses > 0 {
		h.free.Wait()
	}
	h.res = nil
}
