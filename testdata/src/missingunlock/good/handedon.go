package good

import "sync"

// Locks by key, which are given back by a list of those that are held.
type keyLock struct {
	mu   sync.Mutex
	refs int
}

type keyLocks struct {
	mu      sync.Mutex
	entries map[string]*keyLock
}

func (l *keyLocks) ref(key string) *keyLock {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.entries[key]
	if e == nil {
		e = new(keyLock)
		l.entries[key] = e
	}
	e.refs++
	return e
}

type heldKey struct {
	key string
	e   *keyLock
}

func (h heldKey) release() { h.e.mu.Unlock() }

type heldKeys struct{ list []heldKey }

func (u *heldKeys) Unlock() {
	for _, h := range u.list {
		h.release()
	}
	u.list = nil
}

func (l *keyLocks) lock(keys ...string) *heldKeys {
	u := &heldKeys{}
	for _, k := range keys {
		e := l.ref(k)
		e.mu.Lock()
		u.list = append(u.list, heldKey{k, e})
	}
	return u
}

func (l *keyLocks) with(fn func(), keys ...string) {
	defer l.lock(keys...).Unlock()
	fn()
}
