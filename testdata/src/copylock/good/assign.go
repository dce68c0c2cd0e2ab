package good

import (
	"sync"
	"sync/atomic"
	"unsafe"
)

type settings struct {
	values atomic.Value
	loaded sync.Once
}

type server struct {
	state struct {
		mu   sync.Mutex
		open bool
	}
	locks [4]sync.RWMutex
}

var defaults server

func snapshot(s *server) {
	c := s
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
}

func fromDefaults() *server {
	s := &server{}
	*s = server{}
	s.locks = [4]sync.RWMutex{}
	var first = &s.locks[0]
	first.RLock()
	return s
}

func reload(s *settings) any {
	v := &s.values
	return v.Load()
}

type session struct {
	config *atomic.Value
}

func resume(old *session) *session {
	return &session{config: old.config}
}

type key struct {
	id int
	n  atomic.Int32
}

func index(k *key) map[*[1]lockable]int {
	var one [1]lockable
	return map[*[1]lockable]int{&one: 1}
}

type lockable struct{ held bool }

func (l *lockable) Lock()   { l.held = true }
func (l *lockable) Unlock() { l.held = false }

type shared struct{ k *key }

func (s *shared) key() *key { return s.k }

func theKey() *key {
	k := &key{id: 1}
	return k
}

func newKey(id int) (*key, error) { return &key{id: id}, nil }

func firstKey() *key {
	k, err := newKey(1)
	if err != nil {
		return nil
	}
	return k
}

// What the call returns is new, and nobody else has it.
func derefs(s *shared) (int, int) {
	a := s.key()
	b := *theKey()
	c := *firstKey()
	d := *new(key)
	return a.id, b.id + c.id + d.id
}

func reinterpret(p unsafe.Pointer) int {
	k := (*key)(p)
	return k.id
}

func swapped(a, b **key) {
	*a, *b = *b, *a
}

type message struct {
	_    [0]sync.Mutex
	text string
}

func forward(m *message) string {
	c := m
	return c.text
}

// No value is copied where only its type or size matters, or where it is
// dropped.
func sizes(s *server, m map[string]server) (uintptr, int) {
	_ = *s
	_, ok := m["x"]
	_ = ok
	var a [len(s.locks)]int
	return unsafe.Sizeof(*s) + unsafe.Alignof(s.locks) + unsafe.Offsetof(s.locks), len(s.locks) + len(a)
}

// A Locker in an interface, and a pointer to a lock, are made to be copied.
type holder struct {
	sync.Locker
	mu *sync.Mutex
	c  *sync.Cond
}

func held(h holder) holder {
	o := h
	return o
}
