package bad

import "sync"

// Each step locks for itself, and the two together are not one.

type room struct {
	name string
	mu   sync.Mutex
	in   []string
}

type Hotel struct {
	mu    sync.RWMutex
	rooms map[string]*room
	beds  map[string]int
	count int
}

func (h *Hotel) find(name string) (*room, bool) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	r, ok := h.rooms[name]
	return r, ok
}

func (h *Hotel) add(r *room) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.rooms[r.name] = r
	return r
}

func (h *Hotel) Room(name string) *room {
	if r, ok := h.find(name); ok {
		return r
	}
	return h.add(&room{name: name}) // want `h\.mu is unlocked between the check of h\.rooms on line 35 and this write, which replaces what the other one has stored and uses; check again`
}

func (h *Hotel) Beds(name string) int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.beds[name]
}

func (h *Hotel) SetBeds(name string, n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.beds[name] = n
}

func (h *Hotel) AddBeds(name string, n int) {
	now := h.Beds(name)
	h.SetBeds(name, now+n) // want `h\.mu is unlocked between the read of h\.beds on line 54 and this write, which is computed from it: what others write in between is lost; lock both at once`
}

func (h *Hotel) Count() int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.count
}

func (h *Hotel) Enter(n int) {
	now := h.Count()
	h.mu.Lock()
	h.count = now + n // want `h\.mu is unlocked between the read of h\.count on line 65 and this write, which is computed from it: what others write in between is lost; lock both at once`
	h.mu.Unlock()
}

func (h *Hotel) Leave(n int) {
	h.mu.Lock()
	now := h.count
	h.mu.Unlock()
	if now < n {
		return
	}
	h.mu.Lock()
	h.count = now - n // want `h\.mu is unlocked between the read of h\.count on line 73 and this write, which is computed from it: what others write in between is lost; lock both at once`
	h.mu.Unlock()
}
