package bad

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
	if len(r.entries) > r.max {
		r.dropOne()
	}
}

func (r *ring) dropOne() {
	for key := range r.entries {
		delete(r.entries, key)
		r.dropped(key)
		return
	}
}

func (r *ring) size() int { return len(r.entries) }

type plain struct{ entries map[string]int }

func (p *plain) put(key string, n int) { p.entries[key] = n }
func (p *plain) size() int             { return len(p.entries) }

// The store's own method is the hook of what the store calls with its lock held.
type entryStore struct {
	mu    sync.Mutex
	in    backend
	drops int
}

func newEntryStore(max int) *entryStore {
	s := &entryStore{}
	if max == 0 {
		s.in = &plain{make(map[string]int)}
		return s
	}
	s.in = newRing(max, s.onDrop)
	return s
}

func (s *entryStore) onDrop(string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drops++
}

func (s *entryStore) Put(key string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.in.put(key, n) // want `s.in.put blocks forever if it is ring.put: that calls s.mu.Lock \(again.go:61 through ring.dropOne, entryStore.onDrop\), held since line 67`
}

// A listener that takes itself out, while the lock is held that this takes.
type eventListener[T any] interface{ handle(T) }

type events[T any] struct {
	mu   sync.Mutex
	last int
	all  map[int]eventListener[T]
}

func (e *events[T]) add(l eventListener[T]) (remove func()) {
	e.last++
	id := e.last
	e.all[id] = l
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.all, id)
	}
}

type firstOnly[T any] struct {
	next   eventListener[T]
	remove func()
}

func (f *firstOnly[T]) handle(v T) {
	f.remove()
	f.next.handle(v)
}

func (e *events[T]) Once(l eventListener[T]) {
	e.mu.Lock()
	defer e.mu.Unlock()
	f := &firstOnly[T]{next: l}
	f.remove = e.add(f)
}

func (e *events[T]) Emit(v T) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, l := range e.all {
		l.handle(v) // want `e.all\[...\].handle blocks forever if it is firstOnly.handle: that calls e.mu.Lock \(again.go:\d+ through the function literal\), held since line 110`
	}
}

// The part points back to the whole that it is in.
type part interface{ flush() }

type whole struct {
	mu    sync.RWMutex
	parts []part
	dirty bool
}

type leaf struct{ of *whole }

func (p *leaf) flush() { p.of.setDirty(false) }

func (w *whole) setDirty(d bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dirty = d
}

func (w *whole) AddLeaf() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.parts = append(w.parts, &leaf{of: w})
}

func (w *whole) Flush() {
	w.mu.RLock()
	defer w.mu.RUnlock()
	for _, p := range w.parts {
		p.flush() // want `leaf.flush, registered in line 139, blocks forever: it calls w.mu.Lock`
	}
}
