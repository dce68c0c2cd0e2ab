package bad

import (
	"container/list"
	"sync"
)

// The members of a room are the keys of a map.
type room struct {
	mu    sync.Mutex
	guest map[*guest]bool
}

type guest struct {
	mu   sync.Mutex
	nick string
	room *room
}

func (r *room) join(nick string) *guest {
	g := &guest{nick: nick, room: r}
	r.mu.Lock()
	r.guest[g] = true
	r.mu.Unlock()
	return g
}

func (r *room) nicks() (all []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for g := range r.guest {
		all = append(all, g.name())
	}
	return all
}

func (g *guest) name() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.nick
}

func (g *guest) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.nick = ""
	g.room.remove(g) // want `call that locks room\.mu \(many\.go:\d+\) while holding guest\.mu reverses the order in room\.nicks \(many\.go:\d+\)`
}

func (r *room) remove(g *guest) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.guest, g)
}

// A desk makes its tickets by a function and appends them by another.
type desk struct {
	mu      sync.Mutex
	tickets []printable
}

type printable interface{ print() string }

type ticket struct {
	mu   sync.Mutex
	desk *desk
	text string
}

func newTicket(d *desk, text string) (*ticket, error) {
	return &ticket{desk: d, text: text}, nil
}

func (d *desk) open(text string) error {
	t, err := newTicket(d, text)
	if err != nil {
		return err
	}
	d.keep(t)
	return nil
}

func (d *desk) keep(p printable) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tickets = append(d.tickets, p)
}

func (d *desk) print() (all []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, t := range d.tickets {
		all = append(all, t.print())
	}
	return all
}

func (t *ticket) print() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text
}

func (t *ticket) edit(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = text
	t.desk.mu.Lock() // want `t\.desk\.mu\.Lock while holding ticket\.mu reverses the order in desk\.print \(many\.go:\d+\)`
	t.desk.mu.Unlock()
}

// The waiters of a lane are in a list.
type lane struct {
	mu      sync.Mutex
	waiters list.List
}

type waiter struct {
	mu   sync.Mutex
	lane *lane
	n    int
}

func (l *lane) wait() *waiter {
	w := &waiter{lane: l}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiters.PushBack(w)
	return w
}

func (l *lane) advance() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for e := l.waiters.Front(); e != nil; e = e.Next() {
		w := e.Value.(*waiter)
		w.mu.Lock()
		w.n--
		w.mu.Unlock()
	}
}

func (w *waiter) place() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lane.mu.Lock() // want `w\.lane\.mu\.Lock while holding waiter\.mu reverses the order in lane\.advance \(many\.go:\d+\)`
	defer w.lane.mu.Unlock()
	return w.n + w.lane.waiters.Len()
}

// A bus keeps its sockets in a sync.Map and has a lock for the rest.
type bus struct {
	mu      sync.Mutex
	sockets sync.Map
	sent    int
}

type socket struct {
	mu  sync.Mutex
	bus *bus
	n   int
}

func (b *bus) attach(id int) *socket {
	s := &socket{bus: b}
	b.sockets.Store(id, s)
	return s
}

func (b *bus) send(id int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if v, ok := b.sockets.Load(id); ok {
		s := v.(*socket)
		s.mu.Lock()
		s.n++
		s.mu.Unlock()
	}
}

func (s *socket) flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bus.mu.Lock() // want `s\.bus\.mu\.Lock while holding socket\.mu reverses the order in bus\.send \(many\.go:\d+\)`
	s.bus.sent += s.n
	s.bus.mu.Unlock()
}

// What is closed is still in the table of its shelf.
type shelf struct {
	mu    sync.Mutex
	books map[int]*book
	pages int
}

type book struct {
	mu    sync.Mutex
	shelf *shelf
	id, n int
}

func (s *shelf) put(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.books[id] = &book{shelf: s, id: id}
}

func (s *shelf) total() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.books {
		b.mu.Lock()
		n += b.n
		b.mu.Unlock()
	}
	return n
}

func (s *shelf) get(id int) *book {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.books[id]
}

func (b *book) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shelf.mu.Lock() // want `b\.shelf\.mu\.Lock while holding book\.mu reverses the order in shelf\.total \(many\.go:\d+\)`
	b.shelf.pages += b.n
	b.shelf.mu.Unlock()
}
