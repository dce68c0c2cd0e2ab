package good

import "sync"

// Health stays locked when it is up: that is told where the lock is left, and not where it is waited for.
type Health struct {
	lock   sync.RWMutex
	up     bool
	listen func()
}

func NewHealth(listen func()) *Health { return &Health{listen: listen} }

func (h *Health) Start() {
	h.lock.Lock()
	h.up = true
	h.lock.Unlock()
	go h.serve()
}

func (h *Health) serve() {
	h.listen()
	h.lock.Lock()
	h.up = false
	h.lock.Unlock()
}

func (h *Health) Shutdown() error {
	h.lock.RLock()
	if h.up {
		return nil
	}
	h.lock.RUnlock()
	return nil
}
