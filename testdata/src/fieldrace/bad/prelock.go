package bad

import "sync"

// What the function asks before it takes the lock, the lock guards.
type backlog struct {
	mu    sync.Mutex
	items []string
	open  bool
}

func (b *backlog) Open() {
	b.mu.Lock()
	b.open = true
	b.mu.Unlock()
}

func (b *backlog) Add(item string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.items = append(b.items, item)
}

func (b *backlog) Drop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.items, b.open = nil, false
}

func (b *backlog) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.items)
}

func (b *backlog) First() string {
	if len(b.items) == 0 { // want `read of b.items before b.mu is locked on line 40 races with the write on line 21, which holds it; lock it first`
		return ""
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.items[0]
}
