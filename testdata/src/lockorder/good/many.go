package good

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
	g.nick = ""
	g.mu.Unlock()
	g.room.remove(g)
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
	if t.desk.mu.TryLock() {
		t.desk.mu.Unlock()
	}
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
	w.lane.mu.Lock()
	defer w.lane.mu.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
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
	n := s.n
	s.mu.Unlock()
	s.bus.mu.Lock()
	s.bus.sent += n
	s.bus.mu.Unlock()
}

// What is closed is not in the table of its shelf any more.
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
	b.shelf.drop(b.id)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shelf.mu.Lock()
	b.shelf.pages += b.n
	b.shelf.mu.Unlock()
}

func (s *shelf) drop(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.books, id)
}

// take is the only way to get a book, and then it is in no shelf.
func (s *shelf) take(id int) *book {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.books[id]
	delete(s.books, id)
	return b
}

func (s *shelf) retire(id int) {
	if b := s.take(id); b != nil {
		b.settle()
	}
}

// settle is called when the book is taken.
func (b *book) settle() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.shelf.mu.Lock()
	b.shelf.pages += b.n
	b.shelf.mu.Unlock()
}

// Both orders are under a third lock.
type fleet struct {
	plan  sync.Mutex
	mu    sync.RWMutex
	ships map[*ship]bool
}

type ship struct {
	mu    sync.RWMutex
	fleet *fleet
	cargo int
}

func (f *fleet) launch() *ship {
	s := &ship{fleet: f}
	f.mu.Lock()
	f.ships[s] = true
	f.mu.Unlock()
	return s
}

func (f *fleet) load() {
	f.plan.Lock()
	defer f.plan.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.ships {
		s.mu.Lock()
		s.cargo++
		s.mu.Unlock()
	}
}

func (s *ship) unload() {
	s.fleet.plan.Lock()
	defer s.fleet.plan.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fleet.mu.Lock()
	s.cargo = 0
	s.fleet.mu.Unlock()
}

// Both only read.
type club struct {
	mu   sync.RWMutex
	fans []*fan
}

type fan struct {
	mu   sync.RWMutex
	club *club
	n    int
}

func (c *club) admit() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fans = append(c.fans, &fan{club: c})
}

func (c *club) count() (n int) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, f := range c.fans {
		f.mu.RLock()
		n += f.n
		f.mu.RUnlock()
	}
	return n
}

func (f *fan) share() int {
	f.mu.RLock()
	defer f.mu.RUnlock()
	f.club.mu.RLock()
	defer f.club.mu.RUnlock()
	return f.n / len(f.club.fans)
}
