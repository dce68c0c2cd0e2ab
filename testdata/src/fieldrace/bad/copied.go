package bad

import "sync"

// names is copied with each call of Get.
type names struct {
	mu   *sync.RWMutex
	list []string
}

func newNames() *names { return &names{mu: new(sync.RWMutex)} }

func (n names) Get() []string {
	n.mu.RLock() // want `n\.list was copied with the receiver, before n\.mu is locked: that races with the write on line 22; make the receiver a pointer`
	defer n.mu.RUnlock()
	return append([]string(nil), n.list...)
}

func (n *names) Add(s string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, s)
}

// lamp is switched off later, by a goroutine that is started with the lock held, which is
// let go while that sleeps.
type lamp struct {
	mu sync.Mutex
	on bool
}

func (l *lamp) Enable(wait func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.on {
		return
	}
	l.on = true
	go func() {
		wait()
		l.on = false // want `write of l\.on without l\.mu races with the write on line \d+: \d of \d accesses hold mu; lock it here too`
	}()
}

func (l *lamp) Disable() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.on = false
}

func (l *lamp) Enabled() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.on
}
