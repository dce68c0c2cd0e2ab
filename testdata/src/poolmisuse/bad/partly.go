package bad

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
)

type packet struct {
	kind byte
	body []byte
	from *packets
}

type packets struct{ free sync.Pool }

func newPackets() *packets {
	p := new(packets)
	p.free.New = func() any { return &packet{from: p} }
	return p
}

func (p *packet) release() {
	p.kind = 0
	p.from.free.Put(p)
}

// A packet that cannot be read is given back here.
func (p *packet) readFrom(r io.Reader) error {
	var head [1]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		p.release()
		return err
	}
	p.kind = head[0]
	return nil
}

// The caller gives it back, too.
func (ps *packets) next(r io.Reader) (*packet, error) {
	p := ps.free.Get().(*packet)
	if err := p.readFrom(r); err != nil {
		p.release() // want `p is put again: readFrom has put it on line \d+ when it returns an error; two goroutines get it and race; put it once`
		return nil, fmt.Errorf("packet: %w", err)
	}
	return p, nil
}

var errLong = errors.New("too long")

func fill(buf *bytes.Buffer, text string) (int, error) {
	if len(text) > 100 {
		labels.Put(buf)
		return 0, fmt.Errorf("fill: %w", errLong)
	}
	return buf.WriteString(text)
}

var labels = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func write(w io.Writer, text string) error {
	buf := labels.Get().(*bytes.Buffer)
	_, err := fill(buf, text)
	if err != nil {
		labels.Put(buf) // want `buf is put again: fill has put it on line \d+ when it returns an error`
		return err
	}
	_, err = buf.WriteTo(w)
	labels.Put(buf)
	return err
}
