package good

import "sync"

type conn struct {
	mu   sync.Mutex
	open bool
}

type pool struct {
	conns []*conn
}

func (p *pool) add(c *conn) {
	p.conns = append(p.conns, c)
}

func (p *pool) grow() {
	bigger := make([]*conn, 2*len(p.conns))
	copy(bigger, p.conns)
	p.conns = bigger
}

func (p *pool) list() []*conn {
	return append([]*conn(nil), p.conns...)
}

func (p *pool) first() []*conn {
	return []*conn{p.conns[0]}
}

// These conns are new.
func open(n int) []conn {
	list := append([]conn{}, conn{open: true})
	return append(list, make([]conn, n)...)
}
