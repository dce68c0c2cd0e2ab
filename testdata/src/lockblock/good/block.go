// Package good unlocks before it waits.
package good

import "sync"

type pool struct {
	mu     sync.Mutex
	wg     sync.WaitGroup
	jobs   chan int
	closed bool
	n      int
}

func newPool() *pool {
	p := &pool{}
	p.jobs = make(chan int)
	return p
}

func (p *pool) worker() {
	defer p.wg.Done()
	p.mu.Lock()
	p.n++
	p.mu.Unlock()
}

func (p *pool) start() {
	p.wg.Add(1)
	go p.worker()
}

func (p *pool) stop() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.wg.Wait()
}

func (p *pool) take() int {
	job := <-p.jobs
	p.mu.Lock()
	defer p.mu.Unlock()
	return job
}

func (p *pool) put(job int) {
	p.mu.Lock()
	p.n++
	p.mu.Unlock()
	p.jobs <- job
}

// The other side needs no lock.
type served struct {
	mu  sync.Mutex
	req chan int
	one chan int
}

func newServed() *served {
	s := &served{}
	s.req = make(chan int)
	s.one = make(chan int, 1)
	go func() {
		for range s.req {
		}
	}()
	return s
}

func (s *served) ask(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.req <- n
}

// There is room for one.
func (s *served) buffered(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.one <- n
	<-s.one
}

type status struct {
	mu sync.Mutex
	ch chan int
	n  int
}

func newStatus() *status {
	s := &status{}
	s.ch = make(chan int)
	go s.loop()
	return s
}

func (s *status) loop() {
	for v := range s.ch {
		s.mu.Lock()
		s.n += v
		s.mu.Unlock()
	}
}

// loop has taken one value and waits for the lock; the next send waits for
// loop.
func (s *status) set(v int) {
	s.ch <- v
}
