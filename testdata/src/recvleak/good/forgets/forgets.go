// Package forgets takes a session out again, by a method, under the lock it was put in under.
package forgets

import "sync"

type S struct {
	name  string
	ready chan struct{}
}
type R struct {
	mu  sync.Mutex
	all map[string]*S
}

func New() *R { return &R{all: map[string]*S{}} }

func (r *R) Get(name string) {
	r.mu.Lock()
	s := r.all[name]
	r.mu.Unlock()
	if s != nil {
		<-s.ready
	}
}

func (r *R) forget(s *S) { delete(r.all, s.name) }

func (r *R) Open(name string, check func() error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := &S{name, make(chan struct{})}
	r.all[name] = s
	if err := check(); err != nil {
		r.forget(s)
		return err
	}
	close(s.ready)
	return nil
}
