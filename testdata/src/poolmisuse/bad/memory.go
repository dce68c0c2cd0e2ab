// Package bad hands out memory of pooled values.
package bad

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"sync"
)

// There are two returns; the other one is right.
func encodeChecked(v fmt.Stringer) ([]byte, error) {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if v == nil {
		return nil, errors.New("nothing to encode")
	}
	buf.WriteString(v.String())
	return buf.Bytes(), nil // want `return of memory of buf, which is put by the defer on line \d+, races with the goroutine that gets it next; return a copy`
}

// Another deferred call does not help.
func encodeLocked(mu *sync.Mutex, v fmt.Stringer) (b []byte, err error) {
	mu.Lock()
	defer mu.Unlock()
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	if v == nil {
		buffers.Put(buf)
		return nil, errors.New("nothing to encode")
	}
	buf.WriteString(v.String())
	b = buf.Bytes()
	buffers.Put(buf)
	return b, nil // want `return of memory of buf, after Put on line \d+`
}

// An encoder keeps its memory from one use to the next.
type encoder struct {
	bytes.Buffer
	out     []byte
	offsets map[string]int
	scratch [64]byte
}

var encoders = sync.Pool{New: func() any { return &encoder{offsets: make(map[string]int)} }}

func (e *encoder) reset() {
	e.Reset()
	e.out = e.out[:0]
	clear(e.offsets)
}

func (e *encoder) add(name string) {
	e.offsets[name] = len(e.out)
	e.out = append(e.out, name...)
	e.WriteString(name)
}

// The next owner appends to the same memory.
func join(names []string) ([]byte, error) {
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	e.reset()
	if len(names) == 0 {
		return nil, errors.New("no names")
	}
	for _, name := range names {
		e.add(name)
	}
	return e.out, nil // want `return of memory of e, which is put by the defer on line \d+`
}

// The next owner clears the map.
func offsets(names []string) map[string]int {
	e := encoders.Get().(*encoder)
	e.reset()
	for _, name := range names {
		e.add(name)
	}
	m := e.offsets
	encoders.Put(e)
	return m // want `return of memory of e, after Put on line \d+`
}

// The buffer is a part of the encoder.
func lines(names []string) []byte {
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	e.reset()
	for _, name := range names {
		e.add(name)
	}
	return e.Bytes() // want `return of memory of e`
}

// So is an array.
func digits(n int) []byte {
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	n = copy(e.scratch[:], strconv.Itoa(n))
	return e.scratch[:n] // want `return of memory of e`
}

// It is emptied too late.
func takeLate(v fmt.Stringer) string {
	buf := buffers.Get().(*bytes.Buffer)
	buf.WriteString(v.String())
	s := buf.String()
	buffers.Put(buf)
	*buf = bytes.Buffer{} // want `use of buf, after Put on line \d+, races with the goroutine that gets it next; put it last`
	return s
}
