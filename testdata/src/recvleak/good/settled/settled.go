// Package good has ends that are told by a helper, on every way.
package good

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
	defer s.finish(name, r)
	r.image, r.err = s.draw(name)
	if r.err != nil {
		return r.image, fmt.Errorf("draw %s: %w", name, r.err)
	}
	return r.image, nil
}

func (s *Studio[T]) Image(name string) (T, error) {
	r, first := s.enter(name)
	if first {
		return s.work(name, r)
	}
	<-r.over
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
	<-s.passed
	return s.err
}

func (p *Plan) do(s step) error {
	if s.after != "" {
		if err := p.wait(s.after); err != nil {
			p.stages[s.name].err = err
		}
	}
	if err := s.run(); err != nil {
		p.stages[s.name].pass(err)
		return fmt.Errorf("step %s: %w", s.name, err)
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

// A gate is tried to open again until that has not failed.
type gate struct{ open chan struct{} }

func (g *gate) pass() { close(g.open) }

type Gates struct {
	gates map[string]*gate
	names []string
}

func (g *Gates) Add(name string) {
	g.names = append(g.names, name)
	g.gates[name] = &gate{open: make(chan struct{})}
}

func (g *Gates) Wait(name string) { <-g.gates[name].open }

func (g *Gates) try(name string, open func(string) error) error {
	if err := open(name); err != nil {
		return err
	}
	g.gates[name].pass()
	return nil
}

func (g *Gates) Open(open func(string) error) {
	var wg sync.WaitGroup
	for _, name := range g.names {
		wg.Go(func() {
			for g.try(name, open) != nil {
			}
		})
	}
	wg.Wait()
}

// A ticket is told of by two: who is second comes whatever the first one says.
type ticket struct{ sold chan struct{} }

type Office struct {
	mu      sync.Mutex
	tickets map[string]*ticket
	sell    func(string) error
}

func (o *Office) enter(name string) (t *ticket, first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if t, ok := o.tickets[name]; ok {
		return t, false
	}
	t = &ticket{sold: make(chan struct{})}
	o.tickets[name] = t
	return t, true
}

func (o *Office) tell(t *ticket) { close(t.sold) }

func (o *Office) first(name string, t *ticket) error {
	if err := o.sell(name); err != nil {
		return err
	}
	o.tell(t)
	return nil
}

func (o *Office) Sell(name string) error {
	t, first := o.enter(name)
	if first {
		err := o.first(name, t)
		if err != nil {
			o.tell(t)
		}
		return err
	}
	<-t.sold
	return nil
}
