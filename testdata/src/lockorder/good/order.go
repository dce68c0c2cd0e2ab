// Package good takes locks in one order.
package good

import "sync"

type bank struct {
	accounts sync.Mutex
	audit    sync.RWMutex
	n        int
}

func (b *bank) transfer() {
	b.accounts.Lock()
	defer b.accounts.Unlock()
	b.audit.Lock()
	b.n++
	b.audit.Unlock()
}

// transfer waits for audit with accounts, report for accounts with audit.
func (b *bank) report() int {
	b.accounts.Lock()
	defer b.accounts.Unlock()
	b.audit.RLock()
	defer b.audit.RUnlock()
	return b.n
}

type server struct {
	mu    sync.Mutex
	conns map[int]*conn
}

type conn struct {
	mu  sync.Mutex
	srv *server
}

func newConn(s *server) (*conn, error) { return &conn{srv: s}, nil }

func (s *server) accept(id int) error {
	c, err := newConn(s)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.conns[id] = c
	s.mu.Unlock()
	return nil
}

func (s *server) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		c.shut()
	}
}

func (c *conn) shut() {
	c.mu.Lock()
	c.mu.Unlock()
}

func (s *server) forget(id int) {
	s.mu.Lock()
	delete(s.conns, id)
	s.mu.Unlock()
}

// The child asks the parent while the parent waits for the child.
func (c *conn) fail(id int) {
	c.mu.Lock()
	c.mu.Unlock()
	c.srv.forget(id)
}

type ring struct{ a, b, c sync.Mutex }

func (r *ring) ab() {
	r.a.Lock()
	r.b.Lock()
	r.b.Unlock()
	r.a.Unlock()
}

func (r *ring) bc() {
	r.b.Lock()
	r.c.Lock()
	r.c.Unlock()
	r.b.Unlock()
}

func (r *ring) ca() {
	r.a.Lock()
	r.c.Lock()
	r.c.Unlock()
	r.a.Unlock()
}

// driver has two locks, always taken in one order.
type driver struct {
	mu     sync.Mutex
	config sync.Mutex
	names  map[string]bool
}

func (d *driver) Create(name string) {
	d.config.Lock()
	defer d.config.Unlock()
	d.add(name)
}

func (d *driver) add(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.names[name] = true
}

func (d *driver) Reload() {
	d.config.Lock()
	defer d.config.Unlock()
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.names)
}
