package good

import "sync"

// names is not copied by Get.
type names struct {
	mu   *sync.RWMutex
	list []string
}

func newNames() *names { return &names{mu: new(sync.RWMutex)} }

func (n *names) Get() []string {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return append([]string(nil), n.list...)
}

func (n *names) Add(s string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, s)
}

// pane is a value that is never written: what it points to is.
type pane struct {
	mu   *sync.Mutex
	rows map[string]int
}

func newPane() pane { return pane{mu: new(sync.Mutex), rows: make(map[string]int)} }

func (v pane) Put(k string, n int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.rows[k] = n
}

func (v pane) Get(k string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.rows[k]
}

// lamp is switched off later, under the lock.
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
		l.mu.Lock()
		defer l.mu.Unlock()
		l.on = false
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

// Blink holds the lock until its goroutine is done.
func (l *lamp) Blink(wait func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.on = !l.on
		wait()
		l.on = !l.on
	}()
	<-done
}
