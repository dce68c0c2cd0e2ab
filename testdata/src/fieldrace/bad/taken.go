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

// dial lies with its dashboard, and a readout keeps it.
type dial struct{ low, high int }

type dashboard struct {
	mu    sync.RWMutex
	dials map[string]*dial
	seen  map[string]*readout
}

type readout struct {
	b *dashboard
	g *dial
}

func (b *dashboard) dial(name string) *dial {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.dials[name]
}

func (b *dashboard) SetLimits(name string, low, high int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	g, ok := b.dials[name]
	if !ok {
		g = new(dial)
	}
	g.low, g.high = low, high
	b.dials[name] = g
}

func (b *dashboard) Readout(name string) *readout {
	return &readout{b: b, g: b.dial(name)}
}

func (b *dashboard) note(name string, v *readout) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seen[name] = v
}

func (v *readout) Clamp(name string, n int) int {
	if v.g == nil {
		return n
	}
	v.b.note(name, v)
	return max(v.g.low, n) // want `read of v.g.low races with the write on line 97, under dashboard.mu: v.g was taken out from under that lock on line 87`
}
