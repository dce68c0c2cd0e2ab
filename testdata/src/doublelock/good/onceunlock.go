package good

import "sync"

// unlockOnce lets go of a lock the first time it is called.
func unlockOnce(l sync.Locker) func() {
	var once sync.Once
	return func() { once.Do(l.Unlock) }
}

type listener struct {
	lock    sync.Mutex
	started bool
}

// The lock is let go before serve takes it again.
func (l *listener) ListenAndServe() {
	unlock := unlockOnce(&l.lock)
	l.lock.Lock()
	defer unlock()
	if l.started {
		return
	}
	l.started = true
	unlock()
	l.serve()
}

func (l *listener) serve() {
	l.lock.Lock()
	defer l.lock.Unlock()
	l.started = false
}
