package good

import "sync"

type stage interface {
	check() error
	join(p *pipeline)
}

type pipeline struct {
	mu     sync.Mutex
	stages []stage
	names  map[string]bool
}

// The stage gets the pipeline before it is locked.
func (p *pipeline) add(s stage) error {
	if err := s.check(); err != nil {
		return err
	}
	s.join(p)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stages = append(p.stages, s)
	return nil
}

func (p *pipeline) name(n string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.names[n] = true
}

type source struct{}

func (source) check() error   { return nil }
func (source) join(*pipeline) {}

type filter struct{ label string }

func (f *filter) check() error     { return nil }
func (f *filter) join(p *pipeline) { p.name(f.label) }

type command interface {
	quick() bool
	run(s *store, other *store)
}

type store struct {
	mu sync.Mutex
	n  int
}

// Those that lock the store say so.
func (s *store) exec(c command, other *store) {
	if c.quick() {
		c.run(s, other)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.run(s, other)
}

// The one that is locked is not the one that it locks.
func (s *store) with(c command, other *store) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.run(other, other)
}

type get struct{}

func (get) quick() bool { return true }
func (get) run(s *store, _ *store) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
}

type put struct{}

func (put) quick() bool            { return false }
func (put) run(s *store, _ *store) { s.n++ }
