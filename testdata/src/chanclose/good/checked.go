package good

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// A noticeBoard sends under the lock that it looks under.
type noticeBoard struct {
	mu     sync.RWMutex
	closed bool
	out    chan string
}

func (b *noticeBoard) Post(text string) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.closed {
		return false
	}
	select {
	case b.out <- text:
		return true
	default:
		return false
	}
}

func (b *noticeBoard) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return
	}
	b.closed = true
	close(b.out)
}

// A meter has an atomic for those that look, and a lock for those that send.
type meter struct {
	mu      sync.RWMutex
	stopped atomic.Bool
	samples chan int
}

func (m *meter) Record(n int) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.stopped.Load() {
		return
	}
	m.samples <- n
}

func (m *meter) Stop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stopped.CompareAndSwap(false, true) {
		close(m.samples)
	}
}

// A courier closes another channel than it sends on.
type courier struct {
	mu      sync.Mutex
	retired bool
	parcels chan string
	gone    chan struct{}
}

func (c *courier) isRetired() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.retired
}

func (c *courier) Deliver(parcel string) bool {
	if c.isRetired() {
		return false
	}
	select {
	case c.parcels <- parcel:
		return true
	case <-c.gone:
		return false
	}
}

func (c *courier) Retire() {
	c.mu.Lock()
	c.retired = true
	c.mu.Unlock()
	close(c.gone)
}

// A relay counts those that are about to send, and closes when they have sent.
type relayState int

const (
	relayIdle relayState = iota
	relayRunning
	relayEnded
)

type relay struct {
	mu      sync.Mutex
	state   relayState
	sending sync.WaitGroup
	lines   chan string
}

func (r *relay) Start() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.state = relayRunning
}

func (r *relay) Pass(line string) {
	r.mu.Lock()
	if r.state != relayRunning {
		r.mu.Unlock()
		return
	}
	r.sending.Add(1)
	r.mu.Unlock()
	defer r.sending.Done()
	r.lines <- line
}

func (r *relay) End() {
	r.mu.Lock()
	if r.state == relayEnded {
		r.mu.Unlock()
		return
	}
	r.state = relayEnded
	r.mu.Unlock()
	r.sending.Wait()
	close(r.lines)
}

// A tap takes the panic for what it is.
type tap struct {
	shut int32
	once sync.Once
	flow chan int
}

func (t *tap) Pour(n int) {
	defer func() { _ = recover() }()
	if atomic.LoadInt32(&t.shut) == 0 {
		t.flow <- n
	}
}

func (t *tap) Shut() {
	t.once.Do(func() {
		atomic.StoreInt32(&t.shut, 1)
		close(t.flow)
	})
}

// Who sends is the one goroutine, which also closes.
type reader struct {
	stopped atomic.Bool
	lines   chan string
}

func newReader(next func() string) *reader {
	r := &reader{lines: make(chan string)}
	go r.loop(next)
	return r
}

func (r *reader) loop(next func() string) {
	for r.emit(next()) {
	}
	r.finish()
}

func (r *reader) emit(line string) bool {
	if r.stopped.Load() {
		return false
	}
	r.lines <- line
	return true
}

func (r *reader) finish() {
	r.stopped.Store(true)
	close(r.lines)
}

func (r *reader) Stop() { r.stopped.Store(true) }

// Those in flight are counted by an atomic, and waited for by looking at it.
type gauge struct {
	closed   atomic.Bool
	inflight atomic.Int64
	values   chan int
}

func (g *gauge) Set(n int) {
	g.inflight.Add(1)
	defer g.inflight.Add(-1)
	if g.closed.Load() {
		return
	}
	g.values <- n
}

func (g *gauge) Close() {
	g.closed.Store(true)
	for g.inflight.Load() > 0 {
		runtime.Gosched()
	}
	close(g.values)
}

// The last one that has counted itself closes.
type ring struct {
	mu      sync.Mutex
	closed  bool
	senders int
	bells   chan int
}

func (r *ring) enter() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	r.senders++
	return true
}

func (r *ring) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.senders--
	if r.closed && r.senders == 0 {
		close(r.bells)
	}
}

func (r *ring) isClosed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closed
}

func (r *ring) Ring(n int) {
	if !r.enter() {
		return
	}
	defer r.leave()
	if !r.isClosed() {
		r.bells <- n
	}
}

func (r *ring) Close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	if r.senders == 0 {
		close(r.bells)
	}
}

// The callers hold the lock around the look and the send.
type spool struct {
	mu     sync.Mutex
	closed atomic.Bool
	pages  chan string
}

func (s *spool) Print(pages ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range pages {
		s.put(p)
	}
}

func (s *spool) put(page string) {
	if !s.closed.Load() {
		s.pages <- page
	}
}

func (s *spool) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed.Swap(true) {
		close(s.pages)
	}
}

// What is closed waits for the goroutine that sends.
type scanner struct {
	stopped atomic.Bool
	ended   chan struct{}
	tokens  chan string
}

func newScanner(next func() string) *scanner {
	s := &scanner{ended: make(chan struct{}), tokens: make(chan string, 1)}
	go s.run(next)
	return s
}

func (s *scanner) run(next func() string) {
	defer close(s.ended)
	for {
		token := next()
		if s.stopped.Load() {
			return
		}
		s.tokens <- token
	}
}

func (s *scanner) Stop() {
	s.stopped.Store(true)
	<-s.ended
	close(s.tokens)
}

// The one that sets the mark has the channel for itself.
type promise struct {
	mu       sync.Mutex
	resolved bool
	value    chan int
}

func (p *promise) Resolve(n int) {
	p.mu.Lock()
	if p.resolved {
		p.mu.Unlock()
		return
	}
	p.resolved = true
	p.mu.Unlock()
	p.value <- n
}

func (p *promise) Abandon() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.resolved {
		return
	}
	p.resolved = true
	close(p.value)
}

// A slot is taken by who sends, and not closed by anybody else then.
type slot struct {
	mu   sync.Mutex
	next chan int
}

func (s *slot) Offer(n int) {
	s.mu.Lock()
	next := s.next
	s.next = nil
	s.mu.Unlock()
	if next != nil {
		next <- n
	}
}

func (s *slot) Vacate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next != nil {
		close(s.next)
		s.next = nil
	}
}
