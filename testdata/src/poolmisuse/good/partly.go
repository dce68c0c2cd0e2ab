package good

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

// The caller leaves it to that.
func (ps *packets) next(r io.Reader) (*packet, error) {
	p := ps.free.Get().(*packet)
	if err := p.readFrom(r); err != nil {
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
		return err
	}
	_, err = buf.WriteTo(w)
	labels.Put(buf)
	return err
}

// The one that fails late does not give it back, and says so by its error.
func (p *packet) readBody(r io.Reader, n int) error {
	if n > len(p.body) {
		p.release()
		return errLong
	}
	_, err := io.ReadFull(r, p.body[:n])
	return err
}

func (ps *packets) body(r io.Reader) error {
	p := ps.free.Get().(*packet)
	err := p.readBody(r, 10)
	if errors.Is(err, errLong) {
		return err
	}
	p.release()
	return err
}

// It gives it back only where nothing fails.
func (p *packet) send(w io.Writer) error {
	if _, err := w.Write(p.body); err != nil {
		return err
	}
	p.release()
	return nil
}

func (ps *packets) sendOne(w io.Writer) error {
	p := ps.free.Get().(*packet)
	if err := p.send(w); err != nil {
		p.release()
		return err
	}
	return nil
}
