package good

import "sync"

type bounded struct {
	mu    sync.Mutex
	cond  *sync.Cond
	items []int
	max   int
}

func newBounded(max int) *bounded {
	b := &bounded{max: max}
	b.cond = sync.NewCond(&b.mu)
	return b
}

func (b *bounded) put(x int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.items) == b.max {
		b.cond.Wait()
	}
	b.items = append(b.items, x)
	b.cond.Broadcast()
}

func (b *bounded) get() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.items) == 0 {
		b.cond.Wait()
	}
	x := b.items[0]
	b.items = b.items[1:]
	b.cond.Broadcast()
	return x
}

// All wait for the same.
type stack struct {
	mu     sync.Mutex
	cond   *sync.Cond
	items  []int
	closed bool
}

func newStack() *stack {
	s := &stack{}
	s.cond = sync.NewCond(&s.mu)
	return s
}

func (s *stack) put(x int) {
	s.mu.Lock()
	s.items = append(s.items, x)
	s.mu.Unlock()
	s.cond.Signal()
}

func (s *stack) pop() (int, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.items) == 0 && !s.closed {
		s.cond.Wait()
	}
	if s.closed {
		return 0, false
	}
	x := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, true
}

func (s *stack) top() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.items) == 0 {
		s.cond.Wait()
	}
	return s.items[len(s.items)-1]
}
