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

// dial lies with its dashboard, and a readout keeps it.
type dial struct{ low, high int }

type dashboard struct {
	mu     sync.RWMutex
	dials  map[string]*dial
	seen   map[string]*readout
	broken map[string]*dial
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
	v.b.mu.RLock()
	defer v.b.mu.RUnlock()
	return max(v.g.low, n)
}

// repair has a dial of its own: it is taken from the dashboard, and another one put there.
type repair struct{ g *dial }

func (b *dashboard) Repair(name string) *repair {
	b.mu.Lock()
	defer b.mu.Unlock()
	g := b.dials[name]
	b.dials[name] = new(dial)
	return &repair{g}
}

func (r *repair) Span() int { return r.g.high - r.g.low }

// A sample is of a dial that it was given, from the dashboard or from elsewhere.
type sample struct{ g *dial }

func (b *dashboard) Sample(name string) *sample { return &sample{b.dial(name)} }

func Fake(low, high int) *sample { return &sample{&dial{low, high}} }

func (s *sample) Low() int { return s.g.low }
