package bad

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

// A process that has ended by then is removed under the lock that is held.
func (t *tasks) create(pid int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	started, cleanup := t.prepare()
	defer cleanup()
	t.running[pid] = "init"
	started(pid) // want `started blocks forever: it calls t\.mu\.Lock \(returned\.go:13 through tasks\.exit\), held since line 36`
}
