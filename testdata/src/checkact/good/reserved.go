package good

import "sync"

type link struct{ done chan struct{} }

// dialer reserves an address while it dials.
type dialer struct {
	mu      sync.Mutex
	links   map[string]*link
	pending map[string]bool
	running bool
	waiting chan string
}

func (d *dialer) Dial(addr string, dial func() *link) bool {
	d.mu.Lock()
	if d.links[addr] != nil || d.pending[addr] {
		d.mu.Unlock()
		return false
	}
	d.pending[addr] = true
	d.mu.Unlock()
	l := dial()
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.pending, addr)
	d.links[addr] = l
	return true
}

// What is known of a type is the same whoever finds it out.
type layouts struct {
	mu    sync.RWMutex
	known map[string]*layout
}

type layout struct{ fields map[string]int }

func (l *layouts) Of(name string, find func(string) *layout) *layout {
	l.mu.RLock()
	if known, ok := l.known[name]; ok {
		l.mu.RUnlock()
		return known
	}
	l.mu.RUnlock()
	found := find(name)
	l.mu.Lock()
	l.known[name] = found
	l.mu.Unlock()
	return found
}

// Nobody blocks on a channel that is closed.
func (d *dialer) Drain() []string {
	close(d.waiting)
	var left []string
	if len(d.waiting) > 0 {
		for addr := range d.waiting {
			left = append(left, addr)
		}
	}
	return left
}

func (d *dialer) Next() string {
	select {
	case addr := <-d.waiting:
		return addr
	default:
		return ""
	}
}
