package good

import "sync"

type watch struct {
	kind  string
	names []string
	acked string
}

type proxy struct {
	mu      sync.RWMutex
	watches map[string]*watch
}

func (p *proxy) watch(kind string) *watch {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.watches[kind]
}

func (p *proxy) update(kind string, f func(*watch)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w := p.watches[kind]; w != nil {
		f(w)
	}
}

func (p *proxy) Ack(kind, nonce string) {
	p.update(kind, func(w *watch) { w.acked = nonce })
}

func (p *proxy) Acked(kind string) string {
	acked := ""
	p.update(kind, func(w *watch) { acked = w.acked })
	return acked
}

func (p *proxy) SetNames(kind string, names []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watches[kind].names = names
}

func (p *proxy) Names(kind string) []string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	w, ok := p.watches[kind]
	if !ok {
		return nil
	}
	return w.names
}

// What never changes after it was put there, who has it can read.
func (p *proxy) Kind(kind string) string {
	if w := p.watch(kind); w != nil {
		return w.kind
	}
	return ""
}

// It makes what is not there yet, before others see it.
func (p *proxy) Open(kind string) *watch {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.watches[kind]
	if w == nil {
		w = &watch{}
		w.kind = kind
		p.watches[kind] = w
	}
	return w
}

// What is taken away from the map, nobody else finds any more.
func (p *proxy) Close(kind string) string {
	p.mu.Lock()
	w := p.watches[kind]
	delete(p.watches, kind)
	p.mu.Unlock()
	if w == nil {
		return ""
	}
	return w.acked
}

func (w *watch) holds(name string) bool {
	for _, n := range w.names {
		if n == name {
			return true
		}
	}
	return false
}

func (p *proxy) Watches(kind, name string) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.watches[kind].holds(name)
}
