package good

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
	n := s.served
	s.mu.Unlock()
	s.in <- n
}

func (s *service) drain() {
	s.mu.Lock()
	s.served++
	s.mu.Unlock()
	<-s.out
}

func (s *service) exchange(quit chan bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case v := <-s.in:
		s.served += v
	case <-quit: // whoever closes it needs no lock
	}
}

// A Wait releases the lock that the Cond was made with, which others need.
func (s *service) await() {
	s.guard.Lock()
	for !s.ready {
		s.cond.Wait()
	}
	s.guard.Unlock()
}

// The Cond's own lock under another name.
func (s *service) awaitByL() {
	s.cond.L.Lock()
	for !s.ready {
		s.cond.Wait()
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

// A lock of the goroutine that waits, and not of those it waits for.
func (s *service) runAll() {
	var mu sync.Mutex
	mu.Lock()
	defer mu.Unlock()
	for range 3 {
		s.wg.Go(func() {
			s.mu.Lock()
			s.served++
			s.mu.Unlock()
		})
	}
	s.wg.Wait()
}

// A goroutine that needs the lock on one path only may never want it.
func (s *service) runGroup(count bool) error {
	var g errgroup.Group
	s.mu.Lock()
	defer s.mu.Unlock()
	g.Go(func() error {
		if count {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.served++
		}
		return nil
	})
	return g.Wait()
}

func (p *pool) join() {
	p.wg.Wait()
}

func (p *pool) shut() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.join()
}

// The workers of one pool lock that pool, and not the one that waits.
type farm struct {
	mu   sync.Mutex
	next *farm
	wg   sync.WaitGroup
	n    int
}

func (f *farm) work() {
	defer f.wg.Done()
	f.mu.Lock()
	f.n++
	f.mu.Unlock()
}

func (f *farm) start() {
	f.wg.Add(1)
	go f.work()
}

func (f *farm) stopNext() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next.wg.Wait()
}

func (f *farm) join() { f.wg.Wait() }

func (f *farm) joinNext() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next.join()
}
