package bad

import "sync"

type tally struct {
	name string
	mu   sync.Mutex
	seen map[string]int
}

func newTally(name string) *tally {
	return &tally{name: name, seen: make(map[string]int)}
}

func (t *tally) add(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen[key]++ // want `write to t\.seen panics for p\.failed, which is made on line \d+ without it; use its constructor there, or make the map`
}

func (t *tally) each(f func(string, int)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, n := range t.seen {
		f(key, n)
	}
}

type probe struct {
	passed *tally
	failed tally
}

// The second one is made past its constructor.
func newProbe() *probe {
	return &probe{passed: newTally("passed"), failed: tally{name: "failed"}}
}

func (p *probe) run(name string, check func() bool) {
	if check() {
		p.passed.add(name)
	} else {
		p.failed.add(name)
	}
}
