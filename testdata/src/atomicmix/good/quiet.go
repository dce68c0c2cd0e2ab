package good

import (
	"sync"
	"sync/atomic"
)

type server struct {
	mu    sync.Mutex
	conns int64
	seen  int64
	tick  atomic.Int64
	flag  atomic.Bool
	quit  chan struct{}
}

// Nobody else has the object yet.
func newServer() *server {
	s := &server{quit: make(chan struct{})}
	s.conns = 1
	go s.loop()
	return s
}

func (s *server) Open() {
	atomic.AddInt64(&s.conns, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	atomic.AddInt64(&s.seen, 1)
}

// All writers hold the lock, and so does this reader.
func (s *server) Seen() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen
}

// The only writer may load and store.
func (s *server) loop() {
	for {
		select {
		case <-s.quit:
			return
		default:
			s.tick.Store(s.tick.Load() + 1)
		}
	}
}

func (s *server) Ticks() int64 { return s.tick.Load() }

// Under a lock, two steps are one.
func (s *server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flag.Load() {
		return
	}
	s.flag.Store(true)
	close(s.quit)
}

// To set a flag twice does no harm.
func (s *server) Mark() {
	if !s.flag.Load() {
		s.flag.Store(true)
	}
}
