package bad

import (
	"io"
	"sync"
)

// A Link has a connection, which others drop.
type Link struct {
	dial func() (io.Writer, error)
	mu   sync.Mutex
	conn io.Writer
}

func (l *Link) ensure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		return nil
	}
	c, err := l.dial()
	if err != nil {
		return err
	}
	l.conn = c
	return nil
}

// Write dials if it must.
func (l *Link) Write(p []byte) (int, error) {
	if err := l.ensure(); err != nil {
		return 0, err
	}
	return l.conn.Write(p) // want `read of l.conn past the unlock races with the write on line 41, under l.mu, which takes away what was read on line 18; keep that in a variable`
}

// Reset drops the connection.
func (l *Link) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn = nil
}

// A Bucket reads its level again when the lock is gone.
type Bucket struct {
	mu    sync.Mutex
	level int
}

func (b *Bucket) fill(n int) { b.level += n }

// Take reports what is left.
func (b *Bucket) Take(n int) (bool, int) {
	b.mu.Lock()
	b.fill(1)
	ok := b.level >= n
	if ok {
		b.level -= n
	}
	b.mu.Unlock()
	return ok, b.level // want `read of b.level without b.mu races with the write on line 50: 3 of 4 accesses hold mu; lock it here too`
}

// Add is for others.
func (b *Bucket) Add(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fill(n)
}
