package bad

import "sync"

type conn struct {
	mu   sync.Mutex
	open bool
}

type pool struct {
	conns []conn
}

// The pool keeps a copy; the caller goes on with the original.
func (p *pool) add(c *conn) {
	p.conns = append(p.conns, *c) // want `append copies c.mu \(sync.Mutex\): the two do not exclude each other; keep pointers in the slice`
}

// Those who hold a pointer into the old slice lock another mutex from now on.
func (p *pool) grow() {
	bigger := make([]conn, 2*len(p.conns))
	copy(bigger, p.conns) // want `copy copies p.conns\[i\].mu \(sync.Mutex\): .*; keep pointers in the slice`
	p.conns = bigger
}

func (p *pool) list() []conn {
	return append([]conn(nil), p.conns...) // want `append copies p.conns\[i\].mu \(sync.Mutex\): .*`
}

func (p *pool) first() []conn {
	return []conn{p.conns[0]} // want `literal copies p.conns\[0\].mu \(sync.Mutex\): .*`
}
