// Package bad has ends that are told by a helper, on the good way only.
package bad

import (
	"errors"
	"fmt"
	"sync"
)

type render[T any] struct {
	over  chan struct{}
	image T
	err   error
}

// A Studio renders each name once at a time; who comes meanwhile waits for the one that does it.
type Studio[T any] struct {
	mu      sync.Mutex
	renders map[string]*render[T]
	draw    func(name string) (T, error)
}

func NewStudio[T any](draw func(string) (T, error)) *Studio[T] {
	return &Studio[T]{renders: make(map[string]*render[T]), draw: draw}
}

func (s *Studio[T]) enter(name string) (r *render[T], first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.renders[name]; ok {
		return r, false
	}
	r = &render[T]{over: make(chan struct{})}
	s.renders[name] = r
	return r, true
}

func (s *Studio[T]) finish(name string, r *render[T]) {
	s.mu.Lock()
	delete(s.renders, name)
	s.mu.Unlock()
	close(r.over)
}

func (s *Studio[T]) work(name string, r *render[T]) (T, error) {
	r.image, r.err = s.draw(name)
	if r.err != nil {
		return r.image, fmt.Errorf("draw %s: %w", name, r.err) // want `return leaves r.over open, which only line 50 closes: the receive \(line 59\) blocks forever; close it on every path`
	}
	s.finish(name, r)
	return r.image, nil
}

func (s *Studio[T]) Image(name string) (T, error) {
	r, first := s.enter(name)
	if first {
		return s.work(name, r)
	}
	<-r.over // for ever, if the first one has failed
	return r.image, r.err
}

type stage struct {
	passed chan struct{}
	err    error
}

func (s *stage) pass(err error) {
	s.err = err
	close(s.passed)
}

// A Plan runs its steps beside each other, each after the one that it names.
type Plan struct {
	steps  []step
	stages map[string]*stage
}

type step struct {
	name, after string
	run         func() error
}

func (p *Plan) Add(name, after string, run func() error) {
	p.steps = append(p.steps, step{name, after, run})
	p.stages[name] = &stage{passed: make(chan struct{})}
}

func (p *Plan) wait(name string) error {
	s, ok := p.stages[name]
	if !ok {
		return errors.New("no such step")
	}
	<-s.passed // for ever, if that step has failed
	return s.err
}

func (p *Plan) do(s step) error {
	if s.after != "" {
		if err := p.wait(s.after); err != nil {
			p.stages[s.name].err = err
		}
	}
	if err := s.run(); err != nil {
		return fmt.Errorf("step %s: %w", s.name, err) // want `return leaves p.stages\[...\].passed open, which only line 107 closes: the receive \(line 94\) blocks forever`
	}
	p.stages[s.name].pass(nil)
	return nil
}

func (p *Plan) Run() error {
	errs := make([]error, len(p.steps))
	var wg sync.WaitGroup
	for i, s := range p.steps {
		wg.Go(func() { errs[i] = p.do(s) })
	}
	wg.Wait()
	return errors.Join(errs...)
}
