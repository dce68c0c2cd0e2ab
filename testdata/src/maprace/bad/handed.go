package bad

import (
	"io"
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

// The field of a generic type has its lock too.
func (r *registry[K, V]) Has(k K) bool {
	_, ok := r.items[k] // want `read of r.items without r.mu races with the write on line \d+: 2 of 3 accesses hold mu; lock it here too`
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

// Close is not alone: those that serve the connections still remove them.
func (t *tracker) Close() {
	for c := range t.conns { // want `read of t.conns without t.mu races with the write on line \d+: 3 of 4 accesses hold mu; lock it here too`
		_ = c.Close()
		t.Remove(c)
	}
}

// saver writes the state to a file, in a goroutine.
type saver struct {
	mu    sync.Mutex
	state map[string]string
	out   chan map[string]string
	write func(string, string)
}

// The goroutine gets the map itself, not what is in it now.
func (s *saver) Set(key, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state[key] = value
	s.out <- s.state // want `sending s.state hands over the map itself: the receiver's reads race with the write on line \d+, under s.mu; send a copy`
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

// The struct is copied, and the map in it is the one that others write.
func (t *town) Snapshot() townView {
	t.mu.Lock()
	defer t.mu.Unlock()
	v := t.view // want `returning t.view.People hands out the map itself: its reader races with the write on line \d+, under t.mu; return a copy`
	return v
}

// A settings hands out its map as it is, which Reload changes in its place.
type settings struct {
	mu      sync.Mutex
	engines map[string]string
}

func (s *settings) Engines() map[string]string {
	s.mu.Lock()
	e := s.engines // want `returning s.engines hands out the map itself: its reader races with the write on line \d+, under s.mu; return a copy`
	s.mu.Unlock()
	return e
}

func (s *settings) Reload(engines map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(engines) > 0 {
		s.engines = engines
	}
	s.engines["default"] = "/bin/run"
}

// Known reports whether there is such an engine.
func (s *settings) Known(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.engines[name]
	return ok
}

// A dialect hands out its map as it is; the mark says something else.
type dialect struct {
	mu     sync.Mutex
	sealed bool
	words  map[string]string
}

func (d *dialect) Words() map[string]string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sealed = false
	return d.words // want `returning d.words hands out the map itself: its reader races with the write on line \d+, under d.mu; return a copy`
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
