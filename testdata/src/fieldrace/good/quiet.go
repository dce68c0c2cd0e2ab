package good

import (
	"sync"
	"sync/atomic"
)

// server uses the idioms that people really write.
type server struct {
	mu      sync.RWMutex
	name    string // set before the server starts, read ever after
	conns   int
	state   string
	hits    atomic.Int64
	wg      sync.WaitGroup
	log     []string
	results []int
}

// The object is nobody else's yet.
func newServer(name string) *server {
	s := &server{name: name}
	s.conns = 0
	s.state = "new"
	s.init()
	return s
}

// Only the constructor calls it.
func (s *server) init() { s.state = "initialised" }

func (s *server) Open() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns++
	s.setState("open")
}

func (s *server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns--
	s.setState("closed")
}

// All its callers hold the lock.
func (s *server) setState(state string) {
	s.state = state
	s.log = append(s.log, state+s.name)
}

// connsLocked says so by its name.
func (s *server) connsLocked() int { return s.conns }

// State is read under the read lock.
func (s *server) State() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state
}

// unsafeConns must be called with the lock held.
func (s *server) unsafeConns() int { return s.conns }

// Name never changes.
func (s *server) Name() string { return s.name }

// Start works on its own before it starts others.
func (s *server) Start() {
	s.state = "starting"
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		s.mu.Lock()
		s.results = append(s.results, s.conns)
		s.mu.Unlock()
	}()
}

// Stop reads when the goroutine has ended.
func (s *server) Stop() []int {
	s.wg.Wait()
	return s.results
}

type loop struct {
	mu   sync.Mutex
	last int
	in   chan int
}

func newLoop() *loop {
	l := &loop{in: make(chan int)}
	go l.run()
	return l
}

// The only writer may read without the lock.
func (l *loop) run() {
	for n := range l.in {
		if n == l.last {
			continue
		}
		l.mu.Lock()
		l.last = n
		l.mu.Unlock()
	}
}

func (l *loop) Last() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

func (l *loop) Twice() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return 2 * l.last
}

// Either of two locks is enough to read what is written under both.
type twoLocks struct {
	a, b sync.Mutex
	n    int
}

func (t *twoLocks) Set(n int) {
	t.a.Lock()
	defer t.a.Unlock()
	t.b.Lock()
	defer t.b.Unlock()
	t.n = n
}

func (t *twoLocks) Add(n int) {
	t.a.Lock()
	defer t.a.Unlock()
	t.b.Lock()
	defer t.b.Unlock()
	t.n += n
}

func (t *twoLocks) Get() int {
	t.b.Lock()
	defer t.b.Unlock()
	return t.n
}
