package good

import (
	"bytes"
	"compress/gzip"
	"io"
	"sync"
)

type packer struct{ writers sync.Pool }

// It is closed, and then put.
func (p *packer) putBeforeClose(w io.Writer, text string) error {
	zw, ok := p.writers.Get().(*gzip.Writer)
	if ok {
		zw.Reset(w)
	} else {
		zw = gzip.NewWriter(w)
	}
	defer p.writers.Put(zw)
	defer zw.Close()
	_, err := io.WriteString(zw, text)
	return err
}

var scratch = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// It is emptied, and then put.
func putBeforeReset(w io.Writer, parts [][]byte) error {
	buf := scratch.Get().(*bytes.Buffer)
	defer scratch.Put(buf)
	defer func() {
		buf.Reset()
	}()
	for _, p := range parts {
		buf.Write(p)
	}
	_, err := w.Write(buf.Bytes())
	return err
}

// What the deferred call is given of the buffer is known before.
func lengthBefore(w io.Writer, note func(int)) {
	buf := scratch.Get().(*bytes.Buffer)
	buf.WriteString("head")
	defer note(buf.Len())
	defer scratch.Put(buf)
	w.Write(buf.Bytes())
}

// Two defers on two ways.
func eitherWay(w io.Writer, keep bool) {
	buf := scratch.Get().(*bytes.Buffer)
	if keep {
		defer buf.Reset()
	} else {
		defer scratch.Put(buf)
	}
	w.Write(buf.Bytes())
}

// The buffer is another one each time.
func another(w io.Writer) {
	buf := new(bytes.Buffer)
	defer func() { buf.Reset() }()
	buf = scratch.Get().(*bytes.Buffer)
	b := buf
	buf = new(bytes.Buffer)
	defer scratch.Put(b)
	w.Write(b.Bytes())
}
