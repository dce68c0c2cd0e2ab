package good

import "sync"

type room struct {
	name string
	mu   sync.Mutex
	in   []string
}

type Hotel struct {
	mu    sync.RWMutex
	rooms map[string]*room
	beds  map[string]int
	notes map[string]string
	count int
}

func (h *Hotel) find(name string) (*room, bool) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	r, ok := h.rooms[name]
	return r, ok
}

// add keeps the one that is there already.
func (h *Hotel) add(r *room) *room {
	h.mu.Lock()
	defer h.mu.Unlock()
	if old, ok := h.rooms[r.name]; ok {
		return old
	}
	h.rooms[r.name] = r
	return r
}

func (h *Hotel) Room(name string) *room {
	if r, ok := h.find(name); ok {
		return r
	}
	return h.add(&room{name: name})
}

func (h *Hotel) AddBeds(name string, n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.beds[name] += n
}

func (h *Hotel) Note(name string) (string, bool) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	n, ok := h.notes[name]
	return n, ok
}

func (h *Hotel) setNote(name, text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.notes[name] = text
}

// Describe keeps what is made of a name: twice, it is the same.
func (h *Hotel) Describe(name string) string {
	if n, ok := h.Note(name); ok {
		return n
	}
	text := "the room " + name
	h.setNote(name, text)
	return text
}

func (h *Hotel) Count() int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.count
}

// Enter looks once more.
func (h *Hotel) Enter(n int) bool {
	now := h.Count()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.count != now {
		return false
	}
	h.count = now + n
	return true
}

func (h *Hotel) Leave(n int) {
	h.mu.Lock()
	now := h.count
	h.mu.Unlock()
	if now < n {
		return
	}
	h.mu.Lock()
	h.count -= n
	h.mu.Unlock()
}

// census is one goroutine's work: nobody else writes what it has read.
type census struct {
	mu    sync.Mutex
	total int
}

func startCensus(next <-chan int) *census {
	c := new(census)
	go func() {
		for n := range next {
			c.set(c.Total() + n)
		}
	}()
	return c
}

func (c *census) Total() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.total
}

func (c *census) set(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total = n
}

var _ = startCensus

// Porter gives out rooms in one goroutine, which alone adds any.
type Porter struct {
	hotel *Lodge
	asked chan string
}

type Lodge struct {
	mu    sync.Mutex
	rooms map[string]*room
}

func (l *Lodge) has(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, ok := l.rooms[name]
	return ok
}

func (l *Lodge) put(r *room) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rooms[r.name] = r
}

func (p *Porter) Run(quit <-chan struct{}) {
	for {
		select {
		case name := <-p.asked:
			if !p.hotel.has(name) {
				p.hotel.put(&room{name: name})
			}
		case <-quit:
			return
		}
	}
}
