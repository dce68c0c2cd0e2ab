package good

import (
	"sync"
	"sync/atomic"
)

type slip struct {
	inUse  bool
	ready  atomic.Bool
	done   chan struct{}
	count  int
	answer int
	value  int
	weight int
}

// shelf keeps slips; each method that reads past the unlock has a reason to.
type shelf struct {
	gate  sync.RWMutex // who holds it to write stops the others
	mu    sync.Mutex
	slips map[string]*slip
}

func (s *shelf) get(k string) *slip {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.slips[k]
}

// Sweep counts those that nobody uses.
func (s *shelf) Sweep() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.slips {
		if !x.inUse {
			x.count++
		}
	}
}

func (s *shelf) Use(k string) int {
	s.mu.Lock()
	x := s.slips[k]
	if x.inUse {
		s.mu.Unlock()
		return 0
	}
	x.inUse = true
	s.mu.Unlock()
	n := x.count
	s.mu.Lock()
	x.inUse = false
	s.mu.Unlock()
	return n
}

func (s *shelf) Finish(k string, v int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := s.slips[k]
	x.answer = v
	close(x.done)
}

// Wait reads what was there before the close.
func (s *shelf) Wait(k string, stop chan int) int {
	x := s.get(k)
	select {
	case <-x.done:
		return x.answer
	case <-stop:
		return 0
	}
}

func (s *shelf) Fill(k string, v int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x := s.slips[k]; !x.ready.Load() {
		x.value = v
		x.ready.Store(true)
	}
}

// Value reads what was there before the flag.
func (s *shelf) Value(k string) int {
	if x := s.get(k); x.ready.Load() {
		return x.value
	}
	return 0
}

func (s *shelf) Weigh(k string, n int) {
	s.gate.RLock()
	defer s.gate.RUnlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slips[k].weight = n
}

// Weight has stopped the others.
func (s *shelf) Weight(k string) int {
	s.gate.Lock()
	defer s.gate.Unlock()
	return s.get(k).weight
}

func (s *shelf) drop(k string) { delete(s.slips, k) }

// Drop has the slip for itself when it has taken it away.
func (s *shelf) Drop(k string) int {
	s.mu.Lock()
	x := s.slips[k]
	s.drop(k)
	s.mu.Unlock()
	return x.weight
}

// Swap has the old one for itself.
func (s *shelf) Swap(k string) int {
	s.mu.Lock()
	x := s.slips[k]
	s.slips[k] = &slip{}
	s.mu.Unlock()
	return x.weight
}

type card struct{ key string }

type box struct {
	mu    sync.Mutex
	cards map[string]*card
	free  []*card
}

func (b *box) take() *card {
	n := len(b.free)
	if n == 0 {
		return &card{}
	}
	c := b.free[n-1]
	b.free = b.free[:n-1]
	return c
}

// Put writes to one that nobody finds yet.
func (b *box) Put(k string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.take()
	c.key = k
	b.cards[k] = c
}

func (b *box) Key(k string) string {
	b.mu.Lock()
	c := b.cards[k]
	b.mu.Unlock()
	return c.key
}

// with is given the lock.
func with(mu sync.Locker, f func()) {
	mu.Lock()
	defer mu.Unlock()
	f()
}

type meter struct {
	mu  sync.Mutex
	sum int
}

func (m *meter) Inc()      { with(&m.mu, func() { m.sum++ }) }
func (m *meter) Add(n int) { m.mu.Lock(); defer m.mu.Unlock(); m.sum += n }
func (m *meter) Reset()    { m.mu.Lock(); defer m.mu.Unlock(); m.sum = 0 }
func (m *meter) Sum() int  { m.mu.Lock(); defer m.mu.Unlock(); return m.sum }
