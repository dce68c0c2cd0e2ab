package good

import "sync"

// backend is what keeps the entries.
type backend interface {
	put(key string, n int)
	size() int
}

type ring struct {
	max     int
	entries map[string]int
	dropped func(key string)
}

func newRing(max int, dropped func(string)) *ring {
	return &ring{max: max, entries: make(map[string]int), dropped: dropped}
}

func (r *ring) put(key string, n int) {
	r.entries[key] = n
	for key := range r.entries {
		if len(r.entries) <= r.max {
			return
		}
		delete(r.entries, key)
		r.dropped(key)
	}
}

func (r *ring) size() int { return len(r.entries) }

// The hook is of somebody else, who has a lock of its own.
type dropCounter struct {
	mu    sync.Mutex
	drops int
}

func (c *dropCounter) count(string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drops++
}

type entryStore struct {
	mu    sync.Mutex
	in    backend
	drops dropCounter
	next  *entryStore
}

func newEntryStore(max int) *entryStore {
	s := &entryStore{}
	s.in = newRing(max, s.drops.count)
	return s
}

func (s *entryStore) Put(key string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.in.put(key, n)
}

// What the hook locks is the store behind this one.
type level struct {
	mu    sync.Mutex
	in    backend
	below *level
	spill int
}

func newLevel(max int, below *level) *level {
	l := &level{below: below}
	l.in = newRing(max, below.spilled)
	return l
}

func (l *level) spilled(string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.spill++
}

func (l *level) Put(key string, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.in.put(key, n)
}

// The hook does not lock: it is called with the lock held.
type lockedHook struct {
	mu    sync.Mutex
	in    backend
	drops int
}

func newLockedHook(max int) *lockedHook {
	h := &lockedHook{}
	h.in = newRing(max, h.onDropLocked)
	return h
}

func (h *lockedHook) onDropLocked(string) { h.drops++ }

func (h *lockedHook) Drops() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.drops
}

func (h *lockedHook) Put(key string, n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.in.put(key, n)
}

// The listeners are called when the lock is free again.
type eventListener interface{ handle(int) }

type events struct {
	mu  sync.Mutex
	all map[int]eventListener
}

func (e *events) add(id int, l eventListener) (remove func()) {
	e.all[id] = l
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.all, id)
	}
}

type firstOnly struct {
	next   eventListener
	remove func()
}

func (f *firstOnly) handle(v int) {
	f.remove()
	f.next.handle(v)
}

func (e *events) Once(id int, l eventListener) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f := &firstOnly{next: l}
	f.remove = e.add(id, f)
}

func (e *events) Emit(v int) {
	e.mu.Lock()
	var list []eventListener
	for _, l := range e.all {
		list = append(list, l)
	}
	e.mu.Unlock()
	for _, l := range list {
		l.handle(v)
	}
}

// What is kept here is of another volume than the one that flushes it.
type part interface{ flush() }

type volume struct {
	mu    sync.RWMutex
	parts []part
	dirty bool
}

type leaf struct{ of *volume }

func (p *leaf) flush() {
	p.of.mu.Lock()
	defer p.of.mu.Unlock()
	p.of.dirty = false
}

func (b *volume) Quote(from *volume) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.parts = append(b.parts, &leaf{of: from})
}

func (b *volume) Flush() {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, p := range b.parts {
		p.flush()
	}
}
