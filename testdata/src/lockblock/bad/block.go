// Package bad waits with a lock held for what needs it.
package bad

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

// The workers wait for the lock, Stop for the workers.
func (p *pool) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.wg.Wait() // want `p\.wg\.Wait blocks forever: p\.mu is held since line \d+, and p\.wg\.Done \(line \d+\) comes after a Lock of it; unlock it before`
}

func (p *pool) take() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return <-p.jobs // want `receive from p\.jobs blocks forever: p\.mu is held since line \d+, and the send \(line \d+\) comes after a Lock of it; unlock it before`
}

// The receiver locks first.
func (p *pool) put(job int) {
	p.mu.Lock()
	p.jobs <- job // want `send on p\.jobs blocks forever: p\.mu is held since line \d+, and the receive \(line \d+\) comes after a Lock of it; unlock it before`
	p.mu.Unlock()
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
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ch <- v // want `send on s\.ch blocks forever when the receiver \(line \d+\) has come to its Lock \(line \d+\): s\.mu is held since line \d+; unlock it before`
}
