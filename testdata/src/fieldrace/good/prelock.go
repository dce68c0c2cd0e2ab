package good

import "sync"

type backlog struct {
	name  string // never changes
	limit int    // set before the backlog is used
	mu    sync.Mutex
	items []string
	open  bool
}

func newBacklog(name string) *backlog { return &backlog{name: name, limit: 100} }

func (b *backlog) SetLimit(n int) *backlog {
	b.limit = n
	return b
}

func (b *backlog) Open() {
	b.mu.Lock()
	b.open = true
	b.mu.Unlock()
}

func (b *backlog) Add(item string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.items = append(b.items, b.name+item)
}

func (b *backlog) Drop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.items, b.open = nil, false
}

func (b *backlog) Full() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.items) > b.limit
}

// All that is asked is asked under the lock, or does not change.
func (b *backlog) First() string {
	if b.name == "" || b.limit == 0 {
		return ""
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.items) == 0 {
		return ""
	}
	return b.items[0]
}

func (b *backlog) Shut() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open {
		b.open = false
	}
}

// Nobody else has it yet.
func filledBacklog(items []string) *backlog {
	b := newBacklog("x")
	if len(b.items) == 0 {
		b.open = true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.items = append(b.items, items...)
	return b
}
