// Package answered takes what it has answered out of the map by a method.
package answered

import "sync"

type Call struct {
	seq  int
	err  error
	done chan *Call
}
type Client struct {
	mu      sync.Mutex
	pending map[int]*Call
}

func New() *Client { return &Client{pending: map[int]*Call{}} }

func (c *Client) Go(seq int) *Call {
	call := &Call{seq: seq, done: make(chan *Call, 1)}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending[seq] = call
	return call
}

func (c *Client) AnswerAll(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for seq, call := range c.pending {
		call.err = err
		call.done <- call
		c.remove(seq)
	}
}

func (c *Client) remove(seq int) { delete(c.pending, seq) }

func (c *Client) Forget(call *Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.pending, call.seq)
}
