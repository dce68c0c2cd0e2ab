// Package bad works with values that belong to a pool.
package bad

import (
	"bytes"
	"fmt"
	"sync"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// The bytes belong to the buffer, which the next caller overwrites.
func encode(v any) []byte {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	fmt.Fprint(buf, v)
	return buf.Bytes() // want `return of memory of buf, which is put by the defer on line \d+, races with the goroutine that gets it next; return a copy`
}

// The same without defer.
func encodeEarly(v any) []byte {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	fmt.Fprint(buf, v)
	b := buf.Bytes()
	buffers.Put(buf)
	return b // want `return of memory of buf, after Put on line \d+, races with the goroutine that gets it next; return a copy`
}

// Reset comes too late.
func length(v any) int {
	buf := buffers.Get().(*bytes.Buffer)
	n, _ := fmt.Fprint(buf, v)
	buffers.Put(buf)
	buf.Reset() // want `use of buf, after Put on line \d+, races with the goroutine that gets it next; put it last`
	return n
}

type request struct {
	id   int
	body []byte
}

var requests = sync.Pool{New: func() any { return new(request) }}

func release(r *request) {
	if cap(r.body) > 1<<16 {
		return
	}
	r.body = r.body[:0]
	requests.Put(r)
}

// release puts its argument.
func handle(serve func(*request) error) error {
	r := requests.Get().(*request)
	err := serve(r)
	release(r)
	if err != nil {
		return fmt.Errorf("request %d: %w", r.id, err) // want `use of r, after Put on line \d+`
	}
	return nil
}

// The error path forgets to return.
func tryServe(serve func(*request) error, log func(int)) {
	r := requests.Get().(*request)
	if err := serve(r); err != nil {
		requests.Put(r)
	}
	log(r.id)
	requests.Put(r) // want `r is put again after the Put on line \d+: two goroutines get it and race; put it once`
}

var blocks = sync.Pool{New: func() any { b := make([]byte, 4096); return &b }}

// What a pooled *[]byte points to is the pool's, too.
func readBlock(read func([]byte) int) []byte {
	p := blocks.Get().(*[]byte)
	b := *p
	n := read(b)
	blocks.Put(p)
	return b[:n] // want `return of memory of p, after Put on line \d+`
}
