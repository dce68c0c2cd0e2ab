package good

import "sync"

type vertex struct {
	sync.Mutex
	id    int
	links map[*vertex]bool
}

type pairLock struct{ first, second sync.Locker }

func both(a, b *vertex) sync.Locker {
	if a.id > b.id {
		a, b = b, a
	}
	return pairLock{a, b}
}

func (p pairLock) Lock() {
	p.first.Lock()
	p.second.Lock()
}

func (p pairLock) Unlock() {
	p.second.Unlock()
	p.first.Unlock()
}

// remove goes on with the own lock, which it takes with that of each neighbour.
func (n *vertex) remove() {
	n.Lock()
	for {
		var m *vertex
		for m = range n.links {
			break
		}
		if m == nil {
			n.Unlock()
			return
		}
		n.Unlock()
		l := both(n, m)
		l.Lock()
		delete(n.links, m)
		delete(m.links, n)
		m.Unlock()
	}
}
