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

// total is summed up by whoever owns it; one that is shared is only added to
// atomically, and belongs to who has swapped it out.
type total struct{ n, sum int64 }

func (t *total) Add(o total) { t.n, t.sum = t.n+o.n, t.sum+o.sum }

type sampler struct {
	mu     sync.Mutex
	shared atomic.Pointer[total]
	all    [4]total
}

func (s *sampler) Sample(v int64) {
	t := s.shared.Load()
	if t == nil {
		t = new(total)
		if old := s.shared.Swap(t); old != nil {
			s.mu.Lock()
			s.all[0].Add(total{n: atomic.LoadInt64(&old.n), sum: atomic.LoadInt64(&old.sum)})
			s.mu.Unlock()
		}
	}
	atomic.AddInt64(&t.n, 1)
	atomic.AddInt64(&t.sum, v)
}

type descriptor struct{ blocking uint32 }

// Init comes before all else.
func (d *descriptor) Init(blocking bool) {
	if blocking {
		d.blocking = 1
	}
}

func (d *descriptor) SetBlocking() { atomic.StoreUint32(&d.blocking, 1) }
func (d *descriptor) IsBlocking() bool {
	return atomic.LoadUint32(&d.blocking) != 0
}

// window has the totals of one goroutine.
type window struct{ all [4]total }

func (w *window) Record(v int64) { w.all[0].Add(total{1, v}) }
