package bad

import (
	"bytes"
	"compress/gzip"
	"io"
	"sync"
)

type packer struct{ writers sync.Pool }

// Deferred calls run last to first: the writer is put, and then closed, which writes the
// end of the stream to wherever its next owner has set it to.
func (p *packer) putBeforeClose(w io.Writer, text string) error {
	zw, ok := p.writers.Get().(*gzip.Writer)
	if ok {
		zw.Reset(w)
	} else {
		zw = gzip.NewWriter(w)
	}
	defer zw.Close() // want `this deferred call uses zw after the deferred Put on line \d+, which runs before it, and races with the goroutine that gets it next; swap them`
	defer p.writers.Put(zw)
	_, err := io.WriteString(zw, text)
	return err
}

var scratch = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// The literal runs after the Put as well.
func putBeforeReset(w io.Writer, parts [][]byte) error {
	buf := scratch.Get().(*bytes.Buffer)
	defer func() { // want `this deferred call uses buf after the deferred Put on line \d+`
		buf.Reset()
	}()
	defer scratch.Put(buf)
	for _, p := range parts {
		buf.Write(p)
	}
	_, err := w.Write(buf.Bytes())
	return err
}
