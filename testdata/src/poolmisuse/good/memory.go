// Package good is the repaired twin of bad.
package good

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"sync"
)

func encodeChecked(v fmt.Stringer) ([]byte, error) {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if v == nil {
		return nil, errors.New("nothing to encode")
	}
	buf.WriteString(v.String())
	return bytes.Clone(buf.Bytes()), nil
}

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
	b = append(b, buf.Bytes()...)
	buffers.Put(buf)
	return b, nil
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
	return append([]byte(nil), e.out...), nil
}

func offsets(names []string) map[string]int {
	e := encoders.Get().(*encoder)
	e.reset()
	for _, name := range names {
		e.add(name)
	}
	m := maps.Clone(e.offsets)
	encoders.Put(e)
	return m
}

func lines(names []string) []byte {
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	e.reset()
	for _, name := range names {
		e.add(name)
	}
	return []byte(e.String())
}

func digits(n int) []byte {
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	n = copy(e.scratch[:], strconv.Itoa(n))
	return []byte(string(e.scratch[:n]))
}

// A framer makes new memory for each user.
type framer struct {
	frame []byte
	index map[string]int
	buf   bytes.Buffer
}

var framers = sync.Pool{New: func() any { return new(framer) }}

func (f *framer) start() {
	f.frame = nil
	f.index = make(map[string]int)
	f.buf = bytes.Buffer{}
}

func (f *framer) add(name string) {
	f.index[name] = len(f.frame)
	f.frame = append(f.frame, name...)
	f.buf.WriteString(name)
}

func frame(names []string) ([]byte, map[string]int, []byte) {
	f := framers.Get().(*framer)
	defer framers.Put(f)
	f.start()
	for _, name := range names {
		f.add(name)
	}
	return f.frame, f.index, f.buf.Bytes()
}

// A lookup is made with its table, which nobody changes afterwards.
type lookup struct {
	table map[string]int
	hits  int
}

var lookups = sync.Pool{New: func() any { return &lookup{table: map[string]int{"a": 1}} }}

func table() map[string]int {
	l := lookups.Get().(*lookup)
	defer lookups.Put(l)
	l.hits++
	return l.table
}

// The deferred function hands out a copy.
func encodeCopied(v fmt.Stringer) (b []byte, err error) {
	buf := buffers.Get().(*bytes.Buffer)
	defer func() {
		b = bytes.Clone(b)
		buffers.Put(buf)
	}()
	buf.Reset()
	if v == nil {
		return nil, errors.New("nothing to encode")
	}
	buf.WriteString(v.String())
	return buf.Bytes(), nil
}

// The user is called before the Put.
func encodeTo(v fmt.Stringer, use func([]byte) error) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if v == nil {
		return errors.New("nothing to encode")
	}
	buf.WriteString(v.String())
	return use(buf.Bytes())
}

// The buffer is a new one when it is put.
func take(v fmt.Stringer) []byte {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	buf.WriteString(v.String())
	b := buf.Bytes()
	*buf = bytes.Buffer{}
	buffers.Put(buf)
	return b
}

// A sender takes out what it returns, by a variable that a closure has.
type sender struct{ frame []byte }

var senders = sync.Pool{New: func() any { return new(sender) }}

func (s *sender) add(b ...byte) { s.frame = append(s.frame, b...) }

func (s *sender) send(w func([]byte)) { w(s.frame) }

func grab(again bool) []byte {
	s := senders.Get().(*sender)
	if again {
		s = new(sender)
	}
	defer func() { senders.Put(s) }()
	s.add(1, 2, 3)
	b := s.frame
	s.frame = nil
	return b
}

func takeLate(v fmt.Stringer) string {
	buf := buffers.Get().(*bytes.Buffer)
	buf.WriteString(v.String())
	s := buf.String()
	*buf = bytes.Buffer{}
	buffers.Put(buf)
	return s
}
