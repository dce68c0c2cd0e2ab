package good

import (
	"io"
	"maps"
	"sync"
)

// A registry of anything.
type registry[K comparable, V any] struct {
	mu    sync.RWMutex
	items map[K]V
}

func (r *registry[K, V]) Get(k K) V {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.items[k]
}

func (r *registry[K, V]) Put(k K, v V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.items[k] = v
}

func (r *registry[K, V]) Has(k K) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	_, ok := r.items[k]
	return ok
}

// tracker knows the open connections.
type tracker struct {
	mu    sync.Mutex
	conns map[io.Closer]bool
}

func (t *tracker) Add(c io.Closer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.conns[c] = true
}

func (t *tracker) Remove(c io.Closer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.conns, c)
}

func (t *tracker) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.conns)
}

// Close is the last that is called, and takes the lock nowhere.
func (t *tracker) Close() {
	for c := range t.conns {
		_ = c.Close()
	}
}

// saver writes the state to a file, in a goroutine.
type saver struct {
	mu    sync.Mutex
	state map[string]string
	dirty map[string]string
	out   chan map[string]string
	write func(string, string)
}

// A copy can be read by whoever gets it.
func (s *saver) Set(key, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state[key] = value
	s.dirty[key] = value
	s.out <- maps.Clone(s.state)
}

// What is sent is given away.
func (s *saver) Flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out <- s.dirty
	s.dirty = make(map[string]string)
}

func (s *saver) Get(key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state[key]
}

func (s *saver) run() {
	for state := range s.out {
		for k, v := range state {
			s.write(k, v)
		}
	}
}

// Values returns the raw map, for those that do not share the registry.
func (r *registry[K, V]) Values() map[K]V {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.items
}

// Drain gives the map away.
func (r *registry[K, V]) Drain() map[K]V {
	r.mu.Lock()
	items := r.items
	r.items = make(map[K]V)
	r.mu.Unlock()
	return items
}

type townView struct {
	Epoch  int
	People map[string]int
}

type town struct {
	mu   sync.Mutex
	view townView
}

func (t *town) Move(name string, house int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.view.People[name] = house
	t.view.Epoch++
}

// Forget removes somebody.
func (t *town) Forget(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.view.People, name)
}

// The map is copied too.
func (t *town) Snapshot() townView {
	t.mu.Lock()
	defer t.mu.Unlock()
	v := t.view
	v.People = maps.Clone(v.People)
	return v
}

// A settings hands out its map as it is: who changes it puts another one in its place first.
type settings struct {
	mu      sync.Mutex
	engines map[string]string
}

func (s *settings) Engines() map[string]string {
	s.mu.Lock()
	e := s.engines
	s.mu.Unlock()
	return e
}

func (s *settings) Reload(engines map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.engines = maps.Clone(engines)
	s.engines["default"] = "/bin/run"
}

// Known reports whether there is such an engine.
func (s *settings) Known(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.engines[name]
	return ok
}

// A dialect hands out its map as it is, and says by a mark that it has: it is not written any more.
type dialect struct {
	mu     sync.Mutex
	sealed bool
	words  map[string]string
}

func (d *dialect) Words() map[string]string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.sealed {
		d.sealed = true
	}
	return d.words
}

func (d *dialect) SetWord(word, means string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.sealed {
		panic("words cannot be set any more")
	}
	d.words[word] = means
}

// Word looks one up.
func (d *dialect) Word(word string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.words[word]
}
