// Package bad has a client whose reader ends and forgets those that wait for what it reads.
package bad

import (
	"errors"
	"sync"
)

type packet struct {
	tag  int
	data []byte
}

type conn interface {
	write(packet) error
	read() (packet, error)
	close() error
}

// A Client asks several things at a time on one connection.
type Client struct {
	conn conn

	mu      sync.Mutex
	last    int
	broken  bool
	waiting map[int]chan packet
}

func NewClient(c conn) *Client {
	cl := &Client{conn: c, waiting: make(map[int]chan packet)}
	go cl.reader()
	return cl
}

func (c *Client) reader() {
	for {
		p, err := c.conn.read()
		if err != nil {
			c.conn.close()
			c.mu.Lock()
			c.broken = true
			c.mu.Unlock()
			return
		}
		c.deliver(p)
	}
}

func (c *Client) deliver(p packet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ch := c.waiting[p.tag]; ch != nil {
		delete(c.waiting, p.tag)
		ch <- p
	}
}

func (c *Client) enter() (int, <-chan packet, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken {
		return 0, nil, errors.New("broken")
	}
	c.last++
	ch := make(chan packet, 1)
	c.waiting[c.last] = ch
	return c.last, ch, nil
}

func (c *Client) Ask(data []byte) ([]byte, error) {
	tag, ch, err := c.enter()
	if err != nil {
		return nil, err
	}
	if err := c.conn.write(packet{tag, data}); err != nil {
		return nil, err
	}
	p := <-ch // want `receive from ch blocks forever once Client.reader has returned for an error on line 39; let it answer those in c.waiting`
	return p.data, nil
}
