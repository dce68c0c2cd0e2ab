package good

import "sync"

// The map and its lock are a part of the pool.
type poolState struct {
	byName map[string]int
	sync.RWMutex
}

type statePool struct{ st poolState }

func newStatePool() *statePool { return &statePool{st: poolState{byName: make(map[string]int)}} }

func (p *statePool) Delete(name string) {
	p.st.Lock()
	defer p.st.Unlock()
	delete(p.st.byName, name)
}

func (p *statePool) Set(name string, n int) {
	p.st.Lock()
	defer p.st.Unlock()
	p.st.byName[name] = n
}

func (p *statePool) Get(name string) int {
	p.st.RLock()
	defer p.st.RUnlock()
	return p.st.byName[name]
}

func (p *statePool) Load(names []string) {
	p.st.Lock()
	defer p.st.Unlock()
	for i, name := range names {
		p.st.byName[name] = i
	}
}

// The owner's lock is held around what is done to its part.
type hub struct {
	mu sync.Mutex
	in hubPart
}

type hubPart struct {
	mu    sync.Mutex
	users map[string]int
}

func newHub() *hub { return &hub{in: hubPart{users: make(map[string]int)}} }

func (h *hub) Add(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.in.mu.Lock()
	h.in.users[name]++
	h.in.mu.Unlock()
}

func (h *hub) Remove(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.in.mu.Lock()
	delete(h.in.users, name)
	h.in.mu.Unlock()
}

func (h *hub) Count(name string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.in.mu.Lock()
	defer h.in.mu.Unlock()
	return h.in.users[name]
}

func (h *hub) clear() {
	for name := range h.in.users {
		delete(h.in.users, name)
	}
}
