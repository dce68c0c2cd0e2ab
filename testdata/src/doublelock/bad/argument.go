package bad

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

// The stage gets the pipeline with its lock held.
func (p *pipeline) add(s stage) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := s.check(); err != nil {
		return err
	}
	s.join(p) // want `s\.join blocks forever if it is filter\.join: that calls p\.mu\.Lock \(argument\.go:\d+ through pipeline\.name\), held since line \d+`
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
