package good

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
	t.seen[key]++
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
	failed *tally
}

// Both are made by the constructor.
func newProbe() *probe {
	return &probe{passed: newTally("passed"), failed: newTally("failed")}
}

func (p *probe) run(name string, check func() bool) {
	if check() {
		p.passed.add(name)
	} else {
		p.failed.add(name)
	}
}

// The map of this one is made when it is needed.
type lazyTally struct {
	mu   sync.Mutex
	seen map[string]int
}

func newLazyTally() *lazyTally { return &lazyTally{seen: map[string]int{"": 1}} }

func (t *lazyTally) add(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reset()
	t.seen[key]++
}

func (t *lazyTally) reset() { t.seen = make(map[string]int) }

func countLazily(keys []string) {
	t := lazyTally{}
	for _, key := range keys {
		t.add(key)
	}
}

// The one without a map counts nothing, and says so first.
type optionalTally struct {
	on   bool
	mu   sync.Mutex
	seen map[string]int
}

func newOptionalTally() *optionalTally {
	return &optionalTally{on: true, seen: make(map[string]int)}
}

func (t *optionalTally) add(key string) {
	if !t.on {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen[key]++
}

func countNothing(keys []string) {
	t := &optionalTally{}
	for _, key := range keys {
		t.add(key)
	}
}

// It is made without a map at first, and then another one takes its place.
func countLater(keys []string) {
	t := &tally{name: "empty"}
	if len(keys) > 0 {
		t = newTally("full")
	}
	for _, key := range keys {
		t.add(key)
	}
}
