package bad

import (
	"bytes"
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

// New makes pointers, but a value is expected.
func (c *codec) writer() bytes.Buffer {
	return c.writers.Get().(bytes.Buffer) // want `c.writers.Get\(\).\(bytes.Buffer\) panics when it gets the \*bytes.Buffer of New on line \d+; use one type`
}

// Get returns nil as long as nothing has been put.
func (c *codec) reader() *bytes.Reader {
	return c.readers.Get().(*bytes.Reader) // want `type assertion of c.readers.Get\(\) panics when the pool is empty: it has no New, and Get returns nil; set New or look at the second result`
}

var slices = sync.Pool{New: func() any { return make([]byte, 64) }}

// Each Put allocates a slice header.
func useSlice(use func([]byte)) {
	b := slices.Get().([]byte)
	use(b)
	slices.Put(b) // want `slices.Put of a value of type \[\]byte allocates each time, which the pool is to spare; put a pointer to it`
}

var mixed = sync.Pool{New: func() any { return new(request) }}

// Two kinds of values in one pool.
func mix(b *bytes.Buffer) int {
	mixed.Put(b)
	r := mixed.Get().(*request) // want `mixed.Get\(\).\(\*request\) panics when it gets the \*bytes.Buffer of Put on line \d+; use one type`
	id := r.id
	mixed.Put(r)
	return id
}
