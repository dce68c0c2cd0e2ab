// Package bad has constructors that fail when their goroutine is there already.
package bad

import (
	"context"
	"errors"
	"time"
)

type Session struct {
	quit  chan struct{}
	token string
}

func Login(user string) (*Session, error) {
	s := &Session{quit: make(chan struct{})}
	go s.renew()
	if user == "" {
		return nil, errors.New("no user") // want `this return of Login leaves its goroutine behind, which waits on line 29: nobody can tell it to end; stop it first`
	}
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

func NewWatch(dir Directory, user string) (*Watch, error) {
	ctx, cancel := context.WithCancel(context.Background())
	w := &Watch{cancel: cancel}
	go w.poll(ctx)
	var err error
	if w.scopes, err = dir.Scopes(ctx, user); err != nil {
		cancel()
		return nil, err
	}
	if len(w.scopes) == 0 {
		return nil, errors.New("no scopes") // want `this return of NewWatch leaves its goroutine behind, which waits on line 65`
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
