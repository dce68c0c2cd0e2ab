package bad

import "sync"

// flags tells its listeners, of whom it is one itself, with its lock held.
type flags struct {
	mu        sync.Mutex
	on        map[string]bool
	listeners []func(name string)
}

func newFlags() *flags {
	f := &flags{on: make(map[string]bool)}
	f.listeners = append(f.listeners, f.changed)
	return f
}

func (f *flags) changed(name string) { println(name, f.enabled(name)) }

func (f *flags) enabled(name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.on[name]
}

func (f *flags) set(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.on[name] = true
	for _, fn := range f.listeners {
		fn(name) // want `flags\.changed, registered in line \d+, blocks forever: it calls f\.mu\.Lock \(hooks\.go:\d+ through flags\.enabled\), held since line \d+`
	}
}

// meter subscribes by a method and is told in another.
type meter struct {
	mu   sync.Mutex
	n    int
	subs map[string]func()
}

func (m *meter) subscribe(name string, fn func()) { m.subs[name] = fn }

func newMeter() *meter {
	m := &meter{subs: make(map[string]func())}
	m.subscribe("log", func() {
		m.mu.Lock()
		println(m.n)
		m.mu.Unlock()
	})
	return m
}

func (m *meter) add() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.n++
	m.tell() // want `m\.tell blocks forever: it calls m\.mu\.Lock \(hooks\.go:\d+ through the function literal\), held since line \d+`
}

func (m *meter) tell() {
	for _, fn := range m.subs {
		fn()
	}
}

// The observer of a plan asks the plan.
type observer interface{ done(step string) }

type plan struct {
	mu    sync.RWMutex
	left  int
	first observer
	more  []observer
}

type printer struct{ plan *plan }

func (p printer) done(step string) { println(step, p.plan.count()) }

type counter struct{ plan *plan }

func newCounter(p *plan) *counter { return &counter{plan: p} }

func (c *counter) done(string) { c.plan.count() }

func newPlan() *plan {
	p := &plan{}
	p.first = printer{p}
	p.more = append(p.more, newCounter(p))
	return p
}

func (p *plan) count() int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.left
}

func (p *plan) finish(step string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.left--
	p.first.done(step) // want `printer\.done, registered in line \d+, blocks forever: it calls p\.mu\.RLock \(hooks\.go:\d+ through plan\.count\), held since line \d+`
}

func (p *plan) skip(step string) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, o := range p.more {
		o.done(step) // want `counter\.done, registered in line \d+, blocks forever if a writer waits: it calls p\.mu\.RLock \(hooks\.go:\d+ through plan\.count\), held for reading since line \d+`
	}
}

// The hooks of a door are a part of it, and it is its own alarm.
type alarm interface{ ring() }

type door struct {
	mu    sync.Mutex
	open  bool
	hooks struct{ opened func() }
	alarm alarm
}

func newDoor() *door {
	d := new(door)
	d.hooks.opened = d.report
	d.alarm = d
	return d
}

func (d *door) report() {
	d.mu.Lock()
	println(d.open)
	d.mu.Unlock()
}

func (d *door) ring() { d.report() }

func (d *door) swing() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open = !d.open
	if d.hooks.opened != nil {
		d.hooks.opened() // want `door\.report, registered in line \d+, blocks forever: it calls d\.mu\.Lock \(hooks\.go:\d+\), held since line \d+`
	}
	d.alarm.ring() // want `door\.ring, registered in line \d+, blocks forever: it calls d\.mu\.Lock \(hooks\.go:\d+ through door\.report\), held since line \d+`
}

// What is registered at first is told before somebody can put something else there.
type valve struct {
	mu     sync.Mutex
	level  int
	onFull func()
}

func newValve(onFull func()) *valve {
	v := &valve{}
	v.onFull = v.drain
	if onFull != nil {
		v.onFull = onFull
	}
	return v
}

func (v *valve) drain() {
	v.mu.Lock()
	v.level = 0
	v.mu.Unlock()
}

func (v *valve) fill() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.level++; v.level > 9 {
		v.onFull() // want `valve\.drain, registered in line \d+, blocks forever: it calls v\.mu\.Lock \(hooks\.go:\d+\), held since line \d+`
	}
}

// A hook that wraps what was there before, and forgets to keep that, calls itself.
type gate struct {
	mu     sync.Mutex
	n      int
	Opened func()
}

func (g *gate) wrap() {
	g.Opened = func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.n++
		if g.Opened != nil {
			g.Opened() // want `the function literal, registered in line \d+, blocks forever: it calls g\.mu\.Lock \(hooks\.go:\d+\), held since line \d+`
		}
	}
}

// What is called is what was put there.
type latch struct {
	mu     sync.Mutex
	n      int
	closed func()
}

func (l *latch) count() {
	l.mu.Lock()
	l.n++
	l.mu.Unlock()
}

func (l *latch) swap() {
	old := l.closed
	l.closed = l.count
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed() // want `latch\.count, registered in line \d+, blocks forever`
	old()
}
