package bad

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

// A broken sensor stays locked.
func (b *board) read(probe func(string) int) (broken []string) {
	for _, s := range b.sensors {
		s.mu.Lock()
		if s.broke {
			broken = append(broken, s.name)
			continue // want `continue leaves b\.sensors\[\.\.\.\]\.mu of this turn locked, since line \d+: the next b\.sensors\[\.\.\.\]\.mu\.Lock blocks forever; call b\.sensors\[\.\.\.\]\.mu\.Unlock before it`
		}
		s.value = probe(s.name)
		s.mu.Unlock()
	}
	return broken
}

// Only those that are not broken are unlocked.
func (b *board) reset() {
	for name, s := range b.byName {
		s.mu.Lock() // want `b\.byName\[\.\.\.\]\.mu stays locked after a turn of the loop that ends without b\.byName\[\.\.\.\]\.mu\.Unlock: the next b\.byName\[\.\.\.\]\.mu\.Lock blocks forever`
		if s.name == name {
			s.value = 0
			s.mu.Unlock()
		}
	}
}

type ring struct {
	mu   sync.Mutex
	next *ring
	n    int
}

// An empty ring stays locked.
func count(e *ring) (total int) {
	for e != nil {
		e.mu.Lock()
		if e.n == 0 {
			e = e.next
			continue // want `continue leaves e\.mu of this turn locked, since line \d+: the next e\.mu\.Lock blocks forever; call e\.mu\.Unlock before it`
		}
		total += e.n
		after := e.next
		e.mu.Unlock()
		e = after
	}
	return total
}
