package good

import "sync"

// A hub sends with its lock held, and without waiting.
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
	defer h.mu.Unlock()
	for ch := range h.subs {
		select {
		case ch <- ev:
		default:
		}
	}
}

// A registry looks one up, and sends before the unlock.
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
	defer r.mu.RUnlock()
	l, ok := r.byID[id]
	if ok {
		l.events <- ev
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

// The senders are counted, and waited for before the close.
type sendCounter struct {
	mu      sync.Mutex
	outs    map[int]chan string
	sending sync.WaitGroup
}

func (c *sendCounter) send(id int, ev string) {
	c.mu.Lock()
	ch := c.outs[id]
	c.sending.Add(1)
	c.mu.Unlock()
	defer c.sending.Done()
	ch <- ev
}

func (c *sendCounter) end(id int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch := c.outs[id]
	delete(c.outs, id)
	c.sending.Wait()
	close(ch)
}

// What is taken out is the sender's own from then on.
type waiters struct {
	mu   sync.Mutex
	byID map[int]chan string
}

func (w *waiters) answer(id int, text string) {
	w.mu.Lock()
	ch, ok := w.byID[id]
	delete(w.byID, id)
	w.mu.Unlock()
	if ok {
		ch <- text
	}
}

func (w *waiters) shut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, ch := range w.byID {
		close(ch)
		delete(w.byID, id)
	}
}
