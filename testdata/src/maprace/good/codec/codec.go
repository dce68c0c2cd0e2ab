// Package codec reads with a codec in one goroutine, that of package rpc.
package codec

import (
	"io"
	"net/http"
	"net/rpc"
	"sync"
)

type codec struct {
	conn  io.ReadWriteCloser
	ready chan uint64

	mu        sync.RWMutex
	responses map[uint64]*http.Response
}

// NewClient makes a client.
func NewClient(conn io.ReadWriteCloser) *rpc.Client {
	return rpc.NewClientWithCodec(&codec{conn: conn, ready: make(chan uint64, 8), responses: make(map[uint64]*http.Response)})
}

// WriteRequest writes.
func (c *codec) WriteRequest(r *rpc.Request, _ any) error {
	resp, err := http.Get(r.ServiceMethod)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.responses[r.Seq] = resp
	c.mu.Unlock()
	c.ready <- r.Seq
	return nil
}

// ReadResponseHeader is called by one goroutine of the client; Lock would be as good.
func (c *codec) ReadResponseHeader(r *rpc.Response) error {
	seq, ok := <-c.ready
	if !ok {
		return io.EOF
	}
	r.Seq = seq
	c.mu.RLock()
	resp := c.responses[seq]
	delete(c.responses, seq)
	c.mu.RUnlock()
	return resp.Body.Close()
}

// ReadResponseBody reads.
func (c *codec) ReadResponseBody(any) error { return nil }

// Close ends.
func (c *codec) Close() error { return c.conn.Close() }
