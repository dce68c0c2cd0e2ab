package good

import "sync"

type sensor struct {
	mu    sync.Mutex
	name  string
	broke bool
	value int
}

type board struct {
	sensors []*sensor
	byName  map[string]*sensor
}

// Every way to the next turn unlocks.
func (b *board) read(probe func(string) int) (broken []string) {
	for _, s := range b.sensors {
		s.mu.Lock()
		if s.broke {
			broken = append(broken, s.name)
			s.mu.Unlock()
			continue
		}
		s.value = probe(s.name)
		s.mu.Unlock()
	}
	return broken
}

func (b *board) reset() {
	for name, s := range b.byName {
		s.mu.Lock()
		if s.name == name {
			s.value = 0
		}
		s.mu.Unlock()
	}
}

type cell struct {
	mu   sync.Mutex
	full bool
}

// It notes which cells it keeps locked.
func claim(cells []*cell) (free func()) {
	var mine []*cell
	for _, c := range cells {
		c.mu.Lock()
		if !c.full {
			mine = append(mine, c)
			continue
		}
		c.mu.Unlock()
	}
	return func() {
		for _, c := range mine {
			c.mu.Unlock()
		}
	}
}

type seat struct {
	mu    sync.Mutex
	taken bool
}

// All are locked, but for those that are taken, and unlocked at the end.
func together(seats []*seat, do func()) {
	for _, s := range seats {
		s.mu.Lock()
		if s.taken {
			s.mu.Unlock()
			continue
		}
	}
	do()
	for _, s := range seats {
		if !s.taken {
			s.mu.Unlock()
		}
	}
}

type node struct {
	mu   sync.Mutex
	next *node
	key  int
}

// The lock of the node before is held while the next one is taken.
func find(head *node, key int) bool {
	var before *node
	for n := head; n != nil; n = n.next {
		n.mu.Lock()
		if n.key < 0 {
			n.mu.Unlock()
			continue
		}
		if before != nil {
			before.mu.Unlock()
		}
		if n.key == key {
			n.mu.Unlock()
			return true
		}
		before = n
	}
	if before != nil {
		before.mu.Unlock()
	}
	return false
}

type drawer struct {
	mu   sync.Mutex
	open bool
}

// Each turn defers the unlock of what it keeps.
func inspect(drawers []*drawer, look func(*drawer)) {
	for _, d := range drawers {
		d.mu.Lock()
		if !d.open {
			d.mu.Unlock()
			continue
		}
		defer d.mu.Unlock()
		look(d)
	}
}

type vault struct {
	mu     sync.Mutex
	closed bool
}

func (v *vault) unlock() { v.mu.Unlock() }

// Who gets the vaults unlocks them.
func hand(vaults []*vault, to chan<- *vault) {
	for _, v := range vaults {
		v.mu.Lock()
		if v.closed {
			v.mu.Unlock()
			continue
		}
		to <- v
	}
}

type ring struct {
	mu   sync.Mutex
	next *ring
	n    int
}

// Each one is unlocked before the next one.
func count(e *ring) (total int) {
	for e != nil {
		e.mu.Lock()
		if e.n == 0 {
			after := e.next
			e.mu.Unlock()
			e = after
			continue
		}
		total += e.n
		after := e.next
		e.mu.Unlock()
		e = after
	}
	return total
}
