package good

import (
	"errors"
	"sync"
)

// An importer counts each file once.
type importer struct {
	open    sync.WaitGroup
	mu      sync.Mutex
	refused []string
	load    func(file string) error
}

var errFormat = errors.New("format")

func (m *importer) Import(files []string) {
	for _, file := range files {
		m.open.Add(1)
		go m.one(file)
	}
	m.open.Wait()
}

func (m *importer) one(file string) {
	defer m.open.Done()
	if err := m.load(file); errors.Is(err, errFormat) {
		m.refuse(file)
	}
}

func (m *importer) refuse(file string) {
	m.note(file)
}

func (m *importer) note(file string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refused = append(m.refused, file)
}

// The group is an argument.
func probeAll(hosts []string, probe func(string) bool, lost func(string)) {
	var wg sync.WaitGroup
	for _, h := range hosts {
		wg.Add(1)
		go probeOne(&wg, h, probe, lost)
	}
	wg.Wait()
}

func probeOne(wg *sync.WaitGroup, host string, probe func(string) bool, lost func(string)) {
	defer wg.Done()
	if !probe(host) {
		giveUp(host, lost)
	}
}

func giveUp(host string, lost func(string)) {
	lost(host)
}

// A relay counts what is on its way by two: who reads and who writes.
type relay struct {
	both sync.WaitGroup
	copy func()
}

func (r *relay) run() {
	r.both.Add(2)
	go r.pump()
	r.both.Wait()
}

func (r *relay) pump() {
	defer r.both.Done()
	r.copy()
	r.written()
}

func (r *relay) written() { r.both.Done() }

// A sweeper counts each file, and each part of one when it finds it.
type sweeper struct {
	all   sync.WaitGroup
	parts func(string) []string
}

func (s *sweeper) sweep(files []string) {
	for _, f := range files {
		s.all.Add(1)
		go s.file(f)
	}
	s.all.Wait()
}

func (s *sweeper) file(f string) {
	defer s.all.Done()
	for range s.parts(f) {
		s.all.Add(1)
		s.part()
	}
}

func (s *sweeper) part() { s.all.Done() }

// A feeder is done with one group as it goes on in the other.
type feeder struct{ early, late sync.WaitGroup }

func (f *feeder) feed(n int) {
	for range n {
		f.early.Add(1)
		f.late.Add(1)
		go f.one()
	}
	f.early.Wait()
	f.late.Wait()
}

func (f *feeder) one() {
	defer f.late.Done()
	f.begun()
}

func (f *feeder) begun() { f.early.Done() }

// A chunker stores what it is given in the background; Go counts that already.
type chunker struct {
	wg    sync.WaitGroup
	slots chan struct{}
	put   func([]byte)
}

func (c *chunker) Write(p []byte) {
	c.slots <- struct{}{}
	c.wg.Go(func() { c.store(p) })
}

func (c *chunker) store(p []byte) {
	defer func() { <-c.slots }()
	c.put(p)
}

func (c *chunker) Close() { c.wg.Wait() }

// A tracker counts each item that is announced, and the goroutine that brings it.
type tracker struct {
	wg sync.WaitGroup
}

func (t *tracker) Announce() { t.wg.Add(1) }

func (t *tracker) Bring(f func()) {
	t.wg.Go(func() {
		f()
		t.arrived()
	})
}

func (t *tracker) arrived() { t.wg.Done() }
