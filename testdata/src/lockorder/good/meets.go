package good

import "sync"

// queue asks its owner how many there are, with its lock held.
type queue struct {
	Count func() int

	mu   sync.Mutex
	msgs []string
}

func (q *queue) Push(msg string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.msgs = append(q.msgs, msg)
}

func (q *queue) Take() []string {
	count := q.Count()
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(count, len(q.msgs))
	out := q.msgs[:n]
	q.msgs = q.msgs[n:]
	return out
}

type members struct {
	mu    sync.RWMutex
	names map[string]bool
	out   *queue
}

func newMembers() *members {
	m := &members{names: make(map[string]bool)}
	m.setup()
	return m
}

func (m *members) setup() {
	m.out = &queue{Count: func() int {
		m.mu.RLock()
		defer m.mu.RUnlock()
		return len(m.names)
	}}
}

// Take asks before it locks.
func (m *members) Join(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.names[name] = true
	m.out.Push(name)
}

// A source registers itself with the board that it asks for labels.
type source interface{ Collect() int }

type board struct {
	mu      sync.Mutex
	labels  map[string]string
	sources []source
}

func (r *board) Add(s source) {
	r.mu.Lock()
	r.sources = append(r.sources, s)
	r.mu.Unlock()
}

func (r *board) Label(key string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.labels[key]
}

func (r *board) Collect() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.sources {
		n += s.Collect()
	}
	return n
}

type tasks struct {
	mu    sync.Mutex
	reg   *board
	names []string
}

func newTasks(r *board) *tasks {
	t := &tasks{reg: r}
	r.Add(t)
	return t
}

func (t *tasks) Collect() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.names)
}

func (t *tasks) Start(name string) {
	label := t.reg.Label(name)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.names = append(t.names, label)
}

// A hub finds its clients by a method.
type hub struct {
	mu      sync.Mutex
	clients map[string]*client
}

type client struct {
	mu   sync.Mutex
	hub  *hub
	last string
}

func (h *hub) connect(name string) *client {
	c := &client{hub: h}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clients[name] = c
	return c
}

func (h *hub) find(name string) (*client, bool) {
	c, ok := h.clients[name]
	return c, ok
}

func (h *hub) Send(name, msg string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c, ok := h.find(name); ok {
		c.mu.Lock()
		c.last = msg
		c.mu.Unlock()
	}
}

func (c *client) Leave(name string) {
	c.hub.mu.Lock()
	delete(c.hub.clients, name)
	c.hub.mu.Unlock()
}

// Two parts of one store.
type index struct {
	mu   sync.Mutex
	keys map[string]int
}

type log struct {
	mu    sync.Mutex
	lines []string
}

type store struct {
	index index
	log   *log
}

func (s *store) Put(key string) {
	s.index.mu.Lock()
	defer s.index.mu.Unlock()
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.index.keys[key] = len(s.log.lines)
	s.log.lines = append(s.log.lines, key)
}

func (s *store) Compact() {
	s.index.mu.Lock()
	defer s.index.mu.Unlock()
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	s.log.lines = s.log.lines[:0]
	clear(s.index.keys)
}

// One wraps any sink, the other too.
type sink interface{ Write(p []byte) }

type buffered struct {
	mu  sync.Mutex
	out sink
}

func (b *buffered) Write(p []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.out.Write(p)
}

type counted struct {
	mu  sync.Mutex
	out sink
	n   int
}

func (c *counted) Write(p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += len(p)
	c.out.Write(p)
}

// A pool and its leases.
type pool struct {
	mu     sync.Mutex
	leases []*lease
}

type lease struct {
	mu sync.Mutex
}

func (p *pool) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.leases {
		l.mu.Lock()
		l.mu.Unlock()
	}
}

func (l *lease) move(to *pool) {
	to.mu.Lock()
	to.leases = append(to.leases, l)
	to.mu.Unlock()
}

// What is saved with the lock held are shards, and not the whole.
type saver interface{ save() error }

type whole struct {
	rebal  sync.Mutex
	meta   sync.Mutex
	shards []*shard
}

type shard struct{ n int }

func (s *shard) save() error { return nil }

func (w *whole) save() error {
	w.meta.Lock()
	defer w.meta.Unlock()
	return nil
}

func persist(s saver) error { return s.save() }

func (w *whole) rebalance() error {
	w.rebal.Lock()
	defer w.rebal.Unlock()
	return persist(w.shards[0])
}

func (w *whole) decommission() {
	w.meta.Lock()
	defer w.meta.Unlock()
	w.rebal.Lock()
	w.rebal.Unlock()
}

// A stage gives to the queue behind it, whose reader is the next stage.
type stage struct {
	mu  sync.Mutex
	out *pipe
}

type pipe struct {
	mu   sync.Mutex
	next *stage
	jobs []int
}

func (s *stage) put(job int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.mu.Lock()
	s.out.jobs = append(s.out.jobs, job)
	s.out.mu.Unlock()
}
