package bad

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

type service struct {
	mu     sync.Mutex
	guard  sync.Mutex
	cond   *sync.Cond
	wg     sync.WaitGroup
	in     chan int
	out    chan int
	ready  bool
	served int
}

func newService() *service {
	s := &service{}
	s.in = make(chan int)
	s.out = make(chan int)
	s.cond = sync.NewCond(&s.guard)
	return s
}

func (s *service) feed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.in <- s.served // want `send on s\.in blocks forever: s\.mu is held since line \d+, and the receive \(line \d+\) comes after a Lock of it; unlock it before`
}

func (s *service) drain() {
	s.mu.Lock()
	s.served++
	<-s.out // want `receive from s\.out blocks forever: s\.mu is held since line \d+, and the send \(line \d+\) comes after a Lock of it; unlock it before`
	s.mu.Unlock()
}

// Neither case can go on before the lock is free.
func (s *service) exchange() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select { // want `select blocks forever: s\.mu is held since line \d+, and what each case waits for \(line \d+\) comes after a Lock of it; unlock it before`
	case v := <-s.in:
		s.served += v
	case s.out <- s.served:
	}
}

// Wait releases guard, and not mu.
func (s *service) await() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.guard.Lock()
	for !s.ready {
		s.cond.Wait() // want `s\.cond\.Wait blocks forever: s\.mu is held since line \d+, and the wakeup \(line \d+\) comes after a Lock of it; unlock it before`
	}
	s.guard.Unlock()
}

func (s *service) finish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.guard.Lock()
	s.ready = true
	s.guard.Unlock()
	s.cond.Broadcast()
}

// The goroutines of a group come to the lock before their end.
func (s *service) runAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range 3 {
		s.wg.Go(func() {
			s.mu.Lock()
			s.served++
			s.mu.Unlock()
		})
	}
	s.wg.Wait() // want `s\.wg\.Wait blocks forever: s\.mu is held since line \d+, and the end of a goroutine \(line \d+\) comes after a Lock of it; unlock it before`
}

func (s *service) runGroup() error {
	var g errgroup.Group
	s.mu.Lock()
	defer s.mu.Unlock()
	g.Go(func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.served++
		return nil
	})
	return g.Wait() // want `g\.Wait blocks forever: s\.mu is held since line \d+, and the end of a goroutine \(line \d+\) comes after a Lock of it; unlock it before`
}

func (p *pool) join() {
	p.wg.Wait()
}

// The Wait is in a function that is called.
func (p *pool) shut() {
	p.mu.Lock()
	p.closed = true
	p.join() // want `the p\.wg\.Wait \(line \d+\) in this call blocks forever: p\.mu is held since line \d+, and p\.wg\.Done \(block\.go:\d+\) comes after a Lock of it; unlock it before`
	p.mu.Unlock()
}
