package good

import (
	"io"
	"sync"
)

// A Link returns what it has found.
type Link struct {
	dial func() (io.Writer, error)
	mu   sync.Mutex
	conn io.Writer
}

func (l *Link) ensure() (io.Writer, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		return l.conn, nil
	}
	c, err := l.dial()
	if err == nil {
		l.conn = c
	}
	return c, err
}

// Write dials if it must.
func (l *Link) Write(p []byte) (int, error) {
	c, err := l.ensure()
	if err != nil {
		return 0, err
	}
	return c.Write(p)
}

// Reset drops the connection.
func (l *Link) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn = nil
}

// A Bucket keeps what is left in a variable.
type Bucket struct {
	mu    sync.Mutex
	level int
}

func (b *Bucket) fill(n int) { b.level += n }

// Take reports what is left.
func (b *Bucket) Take(n int) (bool, int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fill(1)
	ok := b.level >= n
	if ok {
		b.level -= n
	}
	return ok, b.level
}

// Add is for others.
func (b *Bucket) Add(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fill(n)
}

// A dial9 is written by one function only, which knows what it wrote.
type dial9 struct {
	mu sync.Mutex
	n  int
}

func (m *dial9) run(in <-chan int, show func(int)) {
	for v := range in {
		m.mu.Lock()
		m.n += v
		m.mu.Unlock()
		show(m.n)
	}
}

// Sum is for others.
func (m *dial9) Sum() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.n
}

func startDial9(in <-chan int, show func(int)) *dial9 {
	m := &dial9{}
	go m.run(in, show)
	return m
}
