package bad

import (
	"io"
	"net"
	"sync/atomic"
)

// Errors have many types.
type probe struct {
	last atomic.Value // of error
	mode atomic.Value
	conn atomic.Value
}

func (p *probe) Check(dial func() (net.Conn, error)) {
	c, err := dial()
	if err != nil {
		p.last.Store(err) // want `store in p.last panics when the error is of another type than the one before; store a struct that holds it, or use an atomic.Pointer`
		return
	}
	p.last.Store(nil) // want `store of nil in p.last panics; use an atomic.Pointer, or store an empty value`
	c.Close()
}

func (p *probe) SetMode(name string, n int) {
	if name != "" {
		p.mode.Store(name)
		return
	}
	p.mode.Store(n) // want `store of int in p.mode panics after the store of string on line 28: all values must be of one type; store a struct that holds it`
}

type plainCloser struct{}

func (plainCloser) Close() error { return nil }

type loudCloser struct{ log func(string) }

func (c *loudCloser) Close() error { c.log("closed"); return nil }

func (p *probe) SetCloser(log func(string)) {
	var c io.Closer = plainCloser{}
	if log != nil {
		c = &loudCloser{log}
	}
	p.conn.Store(c) // want `store in p.conn panics when it is of plainCloser after \*loudCloser, or the other way round: all values must be of one type; store a struct that holds it`
}

// A cell is a part of other objects.
type cell struct {
	atomic.Value
}

type label struct{ v cell }

func (l *label) Set(s string) { l.v.Store(s) }

func (l *label) SetNumber(n int) {
	l.v.Store(n) // want `store of int in l.v panics after the store of string on line \d+: all values must be of one type; store a struct that holds it`
}
