package bad

import "sync"

type watch struct {
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
	if w := p.watch(kind); w != nil {
		return w.acked // want `read of w.acked races with the write on line 30, under proxy.mu: w was taken out from under that lock on line 18; read it while the lock is held`
	}
	return ""
}

func (p *proxy) SetNames(kind string, names []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watches[kind].names = names
}

func (p *proxy) Names(kind string) []string {
	p.mu.RLock()
	w, ok := p.watches[kind]
	p.mu.RUnlock()
	if !ok {
		return nil
	}
	return w.names // want `read of w.names races with the write on line 43, under proxy.mu: w was taken out from under that lock on line 48`
}

// holds is given what the caller has taken out.
func (w *watch) holds(name string) bool {
	for _, n := range w.names { // want `read of w.names races with the write on line 43, under proxy.mu: w was taken out from under that lock on line 18`
		if n == name {
			return true
		}
	}
	return false
}

func (p *proxy) Watches(kind, name string) bool {
	return p.watch(kind).holds(name)
}
