// Package token has a channel of one as a lock, which its users give back.
package token

// A mu is a lock that a context or an end can be waited for beside.
type mu struct {
	end <-chan struct{}
	ch  chan struct{}
}

func newMu(end <-chan struct{}) *mu { return &mu{end: end, ch: make(chan struct{}, 1)} }

// force takes the lock when nothing else matters any more.
func (m *mu) force() { m.ch <- struct{}{} }

func (m *mu) lock() bool {
	select {
	case <-m.end:
		return false
	case m.ch <- struct{}{}:
		select {
		case <-m.end:
			m.unlock()
			return false
		default:
		}
		return true
	}
}

func (m *mu) unlock() {
	select {
	case <-m.ch:
	default:
	}
}

// A Conn is written to by one at a time.
type Conn struct {
	mu   *mu
	sent int
}

// New makes one that ends with end.
func New(end <-chan struct{}) *Conn { return &Conn{mu: newMu(end)} }

// Write is for many.
func (c *Conn) Write() bool {
	if !c.mu.lock() {
		return false
	}
	defer c.mu.unlock()
	c.sent++
	return true
}

// Sent waits until nobody writes.
func (c *Conn) Sent() int {
	c.mu.force()
	defer c.mu.unlock()
	return c.sent
}
