package good

import (
	"context"
	"sync"
)

// A Tunnel copies in two directions, and reports each on its channel, which has room for both.
type Tunnel struct {
	up, down func() error
	errs     chan error
}

// NewTunnel returns a tunnel that has not been used.
func NewTunnel(up, down func() error) *Tunnel {
	return &Tunnel{up: up, down: down, errs: make(chan error, 2)}
}

func (t *Tunnel) forward(copy func() error) {
	t.errs <- copy()
}

// Serve returns at the first error.
func (t *Tunnel) Serve(ctx context.Context) error {
	go t.forward(t.up)
	go t.forward(t.down)
	for range 2 {
		select {
		case err := <-t.errs:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// Lines yields what one goroutine makes, which the first call starts and the next one goes on
// with.
type Lines2 struct {
	once sync.Once
	out  chan string
	next func() string
}

// NewLines2 starts nothing yet.
func NewLines2(next func() string) *Lines2 { return &Lines2{next: next, out: make(chan string)} }

func (l *Lines2) fill() {
	for {
		l.out <- l.next()
	}
}

// Next waits for one line.
func (l *Lines2) Next() string {
	l.once.Do(func() { go l.fill() })
	return <-l.out
}

// A Pair is asked for its two halves, one at a time.
type Pair struct {
	started bool
	out     chan int
}

// NewPair starts nothing yet.
func NewPair() *Pair { return &Pair{out: make(chan int)} }

// Half returns the next half.
func (p *Pair) Half(ctx context.Context) (int, error) {
	if !p.started {
		p.started = true
		go func() { p.out <- 1 }()
		go func() { p.out <- 2 }()
	}
	select {
	case n := <-p.out:
		return n, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// A Probe leaves its last word for another method.
type Probe struct{ said chan error }

// NewProbe starts nothing yet.
func NewProbe() *Probe { return &Probe{said: make(chan error)} }

// Try waits for no longer than the context.
func (p *Probe) Try(ctx context.Context, run func() error) error {
	go func() { p.said <- run() }()
	select {
	case err := <-p.said:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Last is for who did not wait.
func (p *Probe) Last() error {
	select {
	case err := <-p.said:
		return err
	default:
		return nil
	}
}
