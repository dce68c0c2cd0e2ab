// Package bad has a stream whose reader waits for what nobody sends.
package bad

import "io"

// A buffer hands what has come to who reads.
type buffer struct{ arrived chan []byte }

func (b *buffer) get() <-chan []byte { return b.arrived }

type reader struct{ from *buffer }

func (r *reader) Read(p []byte) (int, error) {
	return copy(p, <-r.from.get()), nil // want `^receive from r.from.get\(\) blocks forever: nothing in the package sends on a channel of this field or closes it \(it is made on line 29\)$`
}

// A Stream is one of a client.
type Stream struct {
	in   io.Reader
	done chan struct{}
}

// Client makes streams.
type Client struct{}

// New makes one.
func (c *Client) New() *Stream {
	return &Stream{
		in:   &reader{&buffer{make(chan []byte)}},
		done: make(chan struct{}),
	}
}

// Close should tell who reads.
func (c *Client) Close(s *Stream) { close(s.done) }

func (s *Stream) Read(p []byte) (int, error) { return io.ReadFull(s.in, p) }

// A waiter waits for the wrong one of two channels.
type waiter struct {
	ready, over chan struct{}
}

func Start(load func()) *waiter {
	w := &waiter{ready: make(chan struct{}), over: make(chan struct{})}
	go func() {
		defer close(w.over)
		load()
	}()
	return w
}

func (w *waiter) Wait() {
	<-w.ready // want `^receive from w.ready blocks forever`
}

func (w *waiter) Over() bool {
	select {
	case <-w.over:
		return true
	default:
		return false
	}
}
