package good

import (
	"io"
	"sync"
	"sync/atomic"
)

type held struct{ err error }

// A struct holds the error: that is the one type of the values.
type probe struct {
	last  atomic.Value // of held
	mode  atomic.Value // of string
	first atomic.Value // of error
	ended atomic.Value // of error
	once  sync.Once
}

func (p *probe) Check(dial func() (io.Closer, error)) {
	c, err := dial()
	p.last.Store(held{err})
	if err == nil {
		c.Close()
	}
}

func (p *probe) SetMode(name string) {
	if name == "" {
		name = "default"
	}
	p.mode.Store(name)
}

// Only one is stored, ever.
func (p *probe) fail(err error) {
	p.once.Do(func() { p.first.Store(err) })
}

func (p *probe) Start(run func() error) {
	go func() {
		if err := run(); err != nil {
			p.ended.Store(err)
		}
	}()
}

// The first error stays.
func (p *probe) Cancel(mu *sync.Mutex, err error) {
	mu.Lock()
	defer mu.Unlock()
	if p.first.Load() != nil {
		return
	}
	p.first.Store(err)
}

// The winner of a swap is one.
func (p *probe) Lost(won *atomic.Bool, err error) {
	if won.CompareAndSwap(false, true) {
		p.ended.Store(err)
	}
}

type opError struct {
	op  string
	err error
}

func (e *opError) Error() string { return e.op + ": " + e.err.Error() }

func wrap(op string, err error) error { return &opError{op, err} }

// Whatever it is called, it is an opError.
func (p *probe) Ops(err error) {
	p.first.Store(wrap("read", err))
	p.first.Store(wrap("write", err))
}

// A cell is a part of objects that have nothing to do with each other.
type cell struct {
	atomic.Value
}

type label struct{ v cell }

func (l *label) Set(s string) { l.v.Store(s) }

type level struct{ v cell }

func (l *level) Set(n int) { l.v.Store(n) }
