package good

import (
	"bytes"
	"io"
	"sync"
)

type codec struct {
	writers sync.Pool
	readers *sync.Pool
}

func newCodec() *codec {
	return &codec{
		writers: sync.Pool{New: func() any { return new(bytes.Buffer) }},
		readers: &sync.Pool{},
	}
}

func (c *codec) writer() *bytes.Buffer {
	return c.writers.Get().(*bytes.Buffer)
}

func (c *codec) reader() *bytes.Reader {
	if r, ok := c.readers.Get().(*bytes.Reader); ok {
		return r
	}
	return new(bytes.Reader)
}

var slices = sync.Pool{New: func() any { b := make([]byte, 64); return &b }}

func useSlice(use func([]byte)) {
	p := slices.Get().(*[]byte)
	use(*p)
	slices.Put(p)
}

var mixed = sync.Pool{New: func() any { return new(request) }}

func mix() int {
	r := mixed.Get().(*request)
	id := r.id
	mixed.Put(r)
	return id
}

// What comes out is looked at.
var spare sync.Pool

func spareRequest() *request {
	if v := spare.Get(); v != nil {
		return v.(*request)
	}
	return new(request)
}

func dropRequest(r *request) { spare.Put(r) }

// New is set later.
type lazy struct{ pool sync.Pool }

func (l *lazy) init(size int) {
	l.pool.New = func() any { return bytes.NewBuffer(make([]byte, 0, size)) }
}

func (l *lazy) get() *bytes.Buffer { return l.pool.Get().(*bytes.Buffer) }

// An interface that all values have.
var writers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func writer() io.Writer { return writers.Get().(io.Writer) }

// Others set New.
var Shared sync.Pool

func shared() *request { return Shared.Get().(*request) }

// A pool that somebody else fills.
func from(p *sync.Pool) *request { return p.Get().(*request) }
