package bad

import "sync"

// A hub sends to subscribers that can be gone by then.
type hub struct {
	mu   sync.Mutex
	subs map[chan string]bool
}

func (h *hub) Subscribe() (<-chan string, func()) {
	ch := make(chan string, 8)
	h.mu.Lock()
	h.subs[ch] = true
	h.mu.Unlock()
	return ch, func() { h.remove(ch) }
}

func (h *hub) remove(ch chan string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.subs[ch] {
		delete(h.subs, ch)
		close(ch)
	}
}

func (h *hub) Publish(ev string) {
	h.mu.Lock()
	targets := make([]chan string, 0, len(h.subs))
	for ch := range h.subs {
		targets = append(targets, ch)
	}
	h.mu.Unlock()
	for _, ch := range targets {
		select { // want `send on a channel of this select panics if hub\.remove closes it meanwhile \(line \d+\): it was taken under (hub|registry)\.mu, unlocked since; send under the lock`
		case ch <- ev:
		default:
		}
	}
}

// A registry looks one up, and sends past the unlock.
type listener struct {
	events chan string
	name   string
}

type registry struct {
	mu   sync.RWMutex
	byID map[int]*listener
}

func (r *registry) Notify(id int, ev string) {
	r.mu.RLock()
	l, ok := r.byID[id]
	r.mu.RUnlock()
	if ok {
		l.events <- ev // want `send on l\.events panics if registry\.Drop closes it meanwhile \(line \d+\): it was taken under (hub|registry)\.mu, unlocked since; send under the lock`
	}
}

func (r *registry) Drop(id int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if l := r.byID[id]; l != nil {
		delete(r.byID, id)
		close(l.events)
	}
}
