package good

import (
	"maps"
	"slices"
	"sync"
)

type news struct{ text string }

type paper struct {
	mu      sync.RWMutex
	readers map[*reader]struct{}
}

type reader struct {
	of   *paper
	post chan news
	gone chan struct{}
}

func (p *paper) Subscribe() *reader {
	r := &reader{of: p, post: make(chan news), gone: make(chan struct{})}
	p.mu.Lock()
	p.readers[r] = struct{}{}
	p.mu.Unlock()
	return r
}

func (p *paper) Publish(n news) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	for r := range p.readers {
		select {
		case r.post <- n:
		case <-r.gone:
		}
	}
}

func (r *reader) Post() <-chan news { return r.post }

func (r *reader) Cancel() {
	close(r.gone)
	r.of.mu.Lock()
	defer r.of.mu.Unlock()
	delete(r.of.readers, r)
}

type wire struct {
	mu   sync.Mutex
	ends map[string]map[int]chan news
}

func (w *wire) Send(topic string, n news) {
	w.mu.Lock()
	ends := slices.Collect(maps.Values(w.ends[topic]))
	w.mu.Unlock()
	for _, end := range ends {
		end <- n
	}
}

func (w *wire) Leave(topic string, id int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.ends[topic], id)
}

// A sink has a goroutine of its own that receives all the time.
type sink struct {
	mu    sync.Mutex
	outs  map[int]*out
	write func(news)
}

type out struct{ c chan news }

func (s *sink) Add(id int) {
	o := &out{c: make(chan news)}
	s.mu.Lock()
	s.outs[id] = o
	s.mu.Unlock()
	go s.drain(o)
}

func (s *sink) drain(o *out) {
	for n := range o.c {
		s.write(n)
	}
}

func (s *sink) Send(n news) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.outs {
		o.c <- n
	}
}

func (s *sink) Remove(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o, ok := s.outs[id]; ok {
		delete(s.outs, id)
		close(o.c)
	}
}

// A call waits for one answer, for which there is room.
type calls struct {
	mu  sync.Mutex
	all map[int]*call
}

type call struct{ err chan error }

func (c *calls) Add(id int) <-chan error {
	x := &call{err: make(chan error, 1)}
	c.mu.Lock()
	c.all[id] = x
	c.mu.Unlock()
	return x.err
}

func (c *calls) Fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, x := range c.all {
		x.err <- err
		delete(c.all, id)
	}
}

func (c *calls) Forget(id int) {
	c.mu.Lock()
	delete(c.all, id)
	c.mu.Unlock()
}
