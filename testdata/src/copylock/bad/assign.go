package bad

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

// The snapshot's lock is another, and held for ever if a copy is made meanwhile.
func snapshot(s *server) {
	c := *s // want `assignment copies s.state.mu \(sync.Mutex\) into c: the two do not exclude each other; assign a pointer`
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
}

func fromDefaults() *server {
	s := &server{}
	*s = defaults            // want `assignment copies defaults.state.mu \(sync.Mutex\) into \*s: .*`
	s.locks = defaults.locks // want `assignment copies defaults.locks\[i\] \(sync.RWMutex\) into s.locks: .*`
	var first = s.locks[0]   // want `assignment copies s.locks\[0\] \(sync.RWMutex\) into first: .*`
	first.RLock()
	return s
}

// go vet does not know atomic.Value: the copy is a plain read of what others may
// store.
func reload(s *settings) any {
	v := s.values // want `assignment copies s.values \(atomic.Value\) into v: the copy reads it without Load, and misses later stores; assign a pointer`
	return v.Load()
}

type session struct {
	config atomic.Value
}

func resume(old *session) *session {
	return &session{config: old.config} // want `literal copies old.config \(atomic.Value\): .*; hold a pointer`
}

type key struct {
	id int
	n  atomic.Int32
}

// The key of a map literal is copied as well.
func index(k *key) map[[1]lockable]int {
	var one [1]lockable
	return map[[1]lockable]int{one: 1} // want `literal copies one\[i\] \(lockable\): .*`
}

type lockable struct{ held bool }

func (l *lockable) Lock()   { l.held = true }
func (l *lockable) Unlock() { l.held = false }

type shared struct{ k *key }

var sharedKey key

func (s *shared) key() *key { return s.k }

func theKey() *key { return &sharedKey }

// What the call returns belongs to others.
func derefs(s *shared) (int, int) {
	a := *s.key()  // want `assignment copies s.key\(\).n \(atomic.Int32\) into a: the copy reads it without Load, .*`
	b := *theKey() // want `assignment copies theKey\(\).n .*`
	return a.id, b.id
}

func reinterpret(p unsafe.Pointer) int {
	k := *(*key)(p) // want `assignment copies \(\*key\)\(p\).n \(atomic.Int32\) into k: .*`
	return k.id
}

func swapped(a, b *key) {
	*a, *b = *b, *a // want `assignment copies b.n .* into \*a: .*` `assignment copies a.n .* into \*b: .*`
}

type message struct {
	_    [0]sync.Mutex
	text string
}

// Nothing is locked here, but the type says that it must stay where it is.
func forward(m *message) string {
	c := *m // want `assignment copies m._ into c: its type forbids copies; assign a pointer`
	return c.text
}
