// Package bad takes locks in opposite orders.
package bad

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
	b.audit.RLock()
	defer b.audit.RUnlock()
	b.accounts.Lock() // want `b\.accounts\.Lock while holding bank\.audit reverses the order in bank\.transfer \(order\.go:\d+\): two goroutines can block each other forever`
	defer b.accounts.Unlock()
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
	defer c.mu.Unlock()
	c.srv.forget(id) // want `call that locks server\.mu \(order\.go:\d+\) while holding conn\.mu reverses the order in server\.closeAll \(order\.go:\d+\): two goroutines can block each other forever`
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
	r.c.Lock()
	r.a.Lock() // want `r\.a\.Lock while holding ring\.c closes a circle with ring\.ab \(order\.go:\d+\) and order\.go:\d+: all three can block forever`
	r.a.Unlock()
	r.c.Unlock()
}

// driver has two locks, which a reload takes the other way round.
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
	d.mu.Lock()
	defer d.mu.Unlock()
	d.config.Lock() // want `d\.config\.Lock while holding driver\.mu reverses the order in driver\.Create \(order\.go:\d+\): two goroutines can block each other forever`
	defer d.config.Unlock()
	clear(d.names)
}
