package good

import "sync"

type tasks struct {
	mu      sync.Mutex
	exits   sync.Mutex
	exited  map[int]bool
	running map[int]string
}

func (t *tasks) exit(pid int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.running, pid)
}

// prepare returns what is to be called when the process runs, and what if not.
func (t *tasks) prepare() (started func(pid int), cleanup func()) {
	t.exits.Lock()
	defer t.exits.Unlock()
	started = func(pid int) {
		t.exits.Lock()
		gone := t.exited[pid]
		t.exits.Unlock()
		if gone {
			t.exit(pid)
		}
	}
	cleanup = func() { clear(t.exited) }
	return started, cleanup
}

// The lock is let go before.
func (t *tasks) create(pid int) {
	started, cleanup := t.prepare()
	defer cleanup()
	t.mu.Lock()
	t.running[pid] = "init"
	t.mu.Unlock()
	started(pid)
}

// lock returns what lets go again.
func (t *tasks) lock() (unlock func()) {
	t.mu.Lock()
	return func() { t.mu.Unlock() }
}

// What is returned releases what is held.
func (t *tasks) rename(pid int, name string) {
	unlock := t.lock()
	t.running[pid] = name
	unlock()
	t.exit(pid)
}

// other is of another object.
func (t *tasks) move(other *tasks, pid int) {
	started, _ := other.prepare()
	t.mu.Lock()
	defer t.mu.Unlock()
	started(pid)
}
