package bad

import "sync"

type ringer struct {
	id   int
	call func(string)
}

// Bell lists its guests by a helper, which hands out the list itself.
type Bell struct {
	mu     sync.Mutex
	guests []ringer
	last   int
}

func (b *Bell) Add(call func(string)) (remove func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	id := b.last
	b.guests = append(b.guests, ringer{id, call})
	return func() { b.remove(id) }
}

func (b *Bell) remove(id int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.guests {
		if b.guests[i].id == id {
			copy(b.guests[i:], b.guests[i+1:])
			b.guests = b.guests[:len(b.guests)-1]
			return
		}
	}
}

func (b *Bell) current() []ringer {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.guests
}

func (b *Bell) Ring(text string) {
	for _, g := range b.current() { // want `the slice taken from b\.guests on line 41 is used past the unlock, which races with the write on line 31, under b\.mu; copy it first`
		g.call(text)
	}
}
