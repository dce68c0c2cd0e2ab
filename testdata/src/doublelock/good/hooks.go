package good

import "sync"

// flags tells its listeners, of whom it is one itself, without its lock.
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
	f.on[name] = true
	f.mu.Unlock()
	for _, fn := range f.listeners {
		fn(name)
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
	m.n++
	m.mu.Unlock()
	m.tell()
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
	p.left--
	p.mu.Unlock()
	p.first.done(step)
}

func (p *plan) skip(step string) {
	p.mu.RLock()
	more := p.more
	p.mu.RUnlock()
	for _, o := range more {
		o.done(step)
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
	println(d.open)
}

func (d *door) ring() { d.report() }

func (d *door) swing() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open = !d.open
	if d.hooks.opened != nil {
		d.hooks.opened()
	}
	d.alarm.ring()
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
	v.level = 0
}

func (v *valve) fill() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.level++; v.level > 9 {
		v.onFull()
	}
}

// What is registered with a job is of the queue, which has a lock of its own type's name.
type queue struct {
	mu   sync.Mutex
	left int
	jobs []*job
}

type job struct {
	mu     sync.Mutex
	onDone func()
	next   *job
}

func (q *queue) add() {
	j := &job{}
	j.onDone = q.oneLess
	q.mu.Lock()
	defer q.mu.Unlock()
	q.jobs = append(q.jobs, j)
	q.left++
}

func (q *queue) oneLess() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.left--
}

func (j *job) run() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.onDone()
}

// A job that tells the next one locks that.
func (j *job) follow(k *job) { k.onDone = j.touch }

func (j *job) touch() {
	j.mu.Lock()
	defer j.mu.Unlock()
}

// The callback runs in a goroutine of its own.
type beacon struct {
	mu    sync.Mutex
	n     int
	flash func()
	dim   func()
}

func newBeacon() *beacon {
	b := &beacon{}
	b.flash = func() { go b.count() }
	b.dim = b.count
	b.dim = func() {}
	return b
}

func (b *beacon) count() {
	b.mu.Lock()
	b.n++
	b.mu.Unlock()
}

func (b *beacon) light() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.flash()
	b.dim() // not what was there at first
}

// Under the lock, the entry that locks is not looked up.
type router struct {
	mu    sync.Mutex
	hits  int
	table map[string]func()
}

func newRouter() *router {
	r := &router{table: make(map[string]func())}
	r.table["hit"] = r.hit
	r.table["ping"] = func() {}
	return r
}

func (r *router) hit() {
	r.mu.Lock()
	r.hits++
	r.mu.Unlock()
}

func (r *router) ping() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.table["ping"]()
}

// The callback knows that the lock is held, and lets it go.
type tank struct {
	mu    sync.Mutex
	level int
	empty func()
	check func(quiet bool)
}

func newTank() *tank {
	t := &tank{}
	t.empty = t.pour
	t.check = t.measure
	return t
}

func (t *tank) pour() {
	t.mu.Unlock()
	println("pour")
	t.mu.Lock()
	t.level = 0
}

func (t *tank) measure(locked bool) {
	if !locked {
		t.mu.Lock()
		defer t.mu.Unlock()
	}
	println(t.level)
}

func (t *tank) use() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.check(true)
	if t.level--; t.level == 0 {
		t.empty()
	}
}

// Nobody writes: reading twice waits for nobody.
type atlas struct {
	mu    sync.RWMutex
	pages int
	seen  func()
}

func newAtlas() *atlas {
	a := &atlas{}
	a.seen = func() { a.size() }
	return a
}

func (a *atlas) size() int {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.pages
}

func (a *atlas) look() {
	a.mu.RLock()
	defer a.mu.RUnlock()
	a.seen()
}

// What is kept need not have the method that is asked for.
type crate struct {
	mu   sync.Mutex
	item any
}

type pebble struct{ crate *crate }

func newCrate() *crate {
	c := &crate{}
	c.item = pebble{c}
	return c
}

func (c *crate) label() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n, ok := c.item.(interface{ label() string }); ok {
		return n.label()
	}
	return ""
}

// A hook that wraps what was there before calls that.
type gate struct {
	mu     sync.Mutex
	n      int
	Opened func()
}

func (g *gate) wrap() {
	old := g.Opened
	g.Opened = func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.n++
		if old != nil {
			old()
		}
	}
}

// What is called is what was there before.
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
	old()
}
