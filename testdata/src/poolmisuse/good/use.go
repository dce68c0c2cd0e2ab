// Package good is the repaired twin of bad.
package good

import (
	"bytes"
	"fmt"
	"sync"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func encode(v any) []byte {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	fmt.Fprint(buf, v)
	return bytes.Clone(buf.Bytes())
}

func encodeEarly(v any) []byte {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	fmt.Fprint(buf, v)
	b := bytes.Clone(buf.Bytes())
	buffers.Put(buf)
	return b
}

func length(v any) int {
	buf := buffers.Get().(*bytes.Buffer)
	n, _ := fmt.Fprint(buf, v)
	buf.Reset()
	buffers.Put(buf)
	return n
}

type request struct {
	id   int
	body []byte
	done chan struct{}
}

var requests = sync.Pool{New: func() any { return new(request) }}

func release(r *request) {
	if cap(r.body) > 1<<16 {
		return
	}
	r.body = r.body[:0]
	requests.Put(r)
}

func handle(serve func(*request) error) error {
	r := requests.Get().(*request)
	err := serve(r)
	id := r.id
	release(r)
	if err != nil {
		return fmt.Errorf("request %d: %w", id, err)
	}
	return nil
}

func tryServe(serve func(*request) error, log func(int)) {
	r := requests.Get().(*request)
	if err := serve(r); err != nil {
		requests.Put(r)
		return
	}
	log(r.id)
	requests.Put(r)
}

var blocks = sync.Pool{New: func() any { b := make([]byte, 4096); return &b }}

func readBlock(read func([]byte) int) []byte {
	p := blocks.Get().(*[]byte)
	b := *p
	n := read(b)
	out := bytes.Clone(b[:n])
	blocks.Put(p)
	return out
}

// A copy of a string is a copy.
func text(v any) string {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	fmt.Fprint(buf, v)
	return buf.String()
}

// A new one in each turn.
func all(values []any, use func([]byte)) {
	for _, v := range values {
		buf := buffers.Get().(*bytes.Buffer)
		buf.Reset()
		fmt.Fprint(buf, v)
		use(buf.Bytes())
		buffers.Put(buf)
	}
}

// What the value referred to is taken out first.
func takeBody() []byte {
	r := requests.Get().(*request)
	b := r.body
	r.body = nil
	requests.Put(r)
	return b
}

// The variable gets another value after Put.
func reuse(n int) int {
	r := requests.Get().(*request)
	for i := range n {
		if i%10 == 0 {
			requests.Put(r)
			r = requests.Get().(*request)
		}
		r.id = i
	}
	id := r.id
	requests.Put(r)
	return id
}

// The same condition decides about both.
func keep(serve func(*request), again bool) int {
	r := requests.Get().(*request)
	serve(r)
	if !again {
		requests.Put(r)
	}
	if again {
		return r.id
	}
	return 0
}
