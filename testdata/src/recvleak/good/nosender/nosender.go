// Package good has the same with somebody who sends, or who may.
package good

import "io"

// A buffer hands what has come to who reads.
type buffer struct{ arrived chan []byte }

func (b *buffer) get() <-chan []byte { return b.arrived }

type reader struct{ from *buffer }

func (r *reader) Read(p []byte) (int, error) {
	return copy(p, <-r.from.get()), nil
}

// A Stream is one of a client.
type Stream struct {
	in  io.Reader
	buf *buffer
}

// Client makes streams.
type Client struct{}

// New makes one.
func (c *Client) New() *Stream {
	b := &buffer{make(chan []byte)}
	return &Stream{in: &reader{b}, buf: b}
}

// Close tells who reads.
func (c *Client) Close(s *Stream) { close(s.buf.arrived) }

func (s *Stream) Read(p []byte) (int, error) { return io.ReadFull(s.in, p) }

// A waiter closes its channel by a helper that is given it.
type waiter struct{ ready chan struct{} }

func Start(load func()) *waiter {
	w := &waiter{ready: make(chan struct{})}
	go func() {
		defer end(w.ready)
		load()
	}()
	return w
}

func end(ch chan struct{}) { close(ch) }

func (w *waiter) Wait() { <-w.ready }

// A Handle gives its channel away, to who may close it.
type Handle struct{ over chan struct{} }

func NewHandle(register func(chan struct{})) *Handle {
	h := &Handle{over: make(chan struct{})}
	register(h.over)
	return h
}

func (h *Handle) Wait() { <-h.over }

// A Holder is given its channel.
type Holder struct{ from <-chan int }

func NewHolder(from <-chan int) *Holder { return &Holder{from} }

func (h *Holder) Next() int { return <-h.from }

// A table has channels that somebody finds in a map.
type table struct{ waiting map[string]*entry }

type entry struct{ done chan struct{} }

func NewTable() *table { return &table{waiting: make(map[string]*entry)} }

func (t *table) Wait(name string) {
	e := &entry{make(chan struct{})}
	t.waiting[name] = e
	<-e.done
}

func (t *table) Done(name string) { close(t.waiting[name].done) }

// A box sends in a select only, by one of two fields that have the same channel.
type box struct{ in, out chan int }

func NewBox() *box {
	ch := make(chan int)
	return &box{in: ch, out: ch}
}

func (b *box) Put(v int) bool {
	select {
	case b.in <- v:
		return true
	default:
		return false
	}
}

func (b *box) Take() int { return <-b.out }
