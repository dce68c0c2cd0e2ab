// Package good has constructors that stop their goroutine when they fail.
package good

import (
	"context"
	"errors"
	"sync"
	"time"
)

type Session struct {
	quit  chan struct{}
	token string
}

func Login(user string) (*Session, error) {
	if user == "" {
		return nil, errors.New("no user")
	}
	s := &Session{quit: make(chan struct{})}
	go s.renew()
	s.token = user
	return s, nil
}

func (s *Session) renew() {
	t := time.NewTicker(time.Minute)
	defer t.Stop()
	for {
		select {
		case <-t.C:
		case <-s.quit:
			return
		}
	}
}

func (s *Session) Close() { close(s.quit) }

type Directory interface {
	Scopes(ctx context.Context, user string) ([]string, error)
}

type Watch struct {
	cancel context.CancelFunc
	scopes []string
}

func NewWatch(dir Directory, user string) (_ *Watch, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer func() {
		if err != nil {
			cancel()
		}
	}()
	w := &Watch{cancel: cancel}
	go w.poll(ctx)
	if w.scopes, err = dir.Scopes(ctx, user); err != nil {
		return nil, err
	}
	if len(w.scopes) == 0 {
		return nil, errors.New("no scopes")
	}
	return w, nil
}

func (w *Watch) poll(ctx context.Context) {
	for {
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return
		}
	}
}

func (w *Watch) Close() { w.cancel() }

// A Lease ends with its caller's context.
type Lease struct{ holder string }

func Acquire(ctx context.Context, holder string) (*Lease, error) {
	l := &Lease{holder: holder}
	go l.keep(ctx)
	if holder == "" {
		return nil, errors.New("no holder")
	}
	return l, nil
}

func (l *Lease) keep(ctx context.Context) {
	for {
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return
		}
	}
}

// A Listener is known to the list of all before it can fail.
type Listener struct{ quit chan struct{} }

var (
	mu  sync.Mutex
	all []*Listener
)

func Listen(port int) (*Listener, error) {
	l := &Listener{quit: make(chan struct{})}
	mu.Lock()
	all = append(all, l)
	mu.Unlock()
	go l.serve()
	if port == 0 {
		return nil, errors.New("no port")
	}
	return l, nil
}

func (l *Listener) serve() {
	for {
		select {
		case <-time.After(time.Second):
		case <-l.quit:
			return
		}
	}
}

func (l *Listener) Close() { close(l.quit) }

func CloseAll() {
	mu.Lock()
	defer mu.Unlock()
	for _, l := range all {
		l.Close()
	}
}

// A Conn ends by itself, too.
type Conn struct {
	quit chan struct{}
	once sync.Once
}

func Open(addr string, broken func() bool) (*Conn, error) {
	c := &Conn{quit: make(chan struct{})}
	go c.ping(broken)
	if addr == "" {
		return nil, errors.New("no address")
	}
	return c, nil
}

func (c *Conn) ping(broken func() bool) {
	for !broken() {
		select {
		case <-time.After(time.Second):
		case <-c.quit:
			return
		}
	}
}

func (c *Conn) Close() { c.once.Do(func() { close(c.quit) }) }
