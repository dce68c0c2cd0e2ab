package patterns

import "sync"

// A Client is made when it is first needed. What went wrong is kept beside it, for
// all callers and not only the first.
type Client struct {
	Dial func() (string, error)

	once sync.Once
	conn string
	err  error
}

// Conn connects once.
func (c *Client) Conn() (string, error) {
	c.once.Do(func() { c.conn, c.err = c.Dial() })
	return c.conn, c.err
}
