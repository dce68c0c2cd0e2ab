package good

import (
	"sync"
	"sync/atomic"
	"time"
)

// A mailbox tells of letters and of its end.
type mailbox[T any] struct {
	mu      sync.Mutex
	arrived *sync.Cond
	letters []T
	closed  bool
}

func newMailbox[T any]() *mailbox[T] {
	m := &mailbox[T]{}
	m.arrived = sync.NewCond(&m.mu)
	m.mu.Lock()
	m.letters = append(m.letters, *new(T)) // nobody waits yet
	m.mu.Unlock()
	return m
}

func (m *mailbox[T]) Post(letter T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters = append(m.letters, letter)
	m.arrived.Signal()
}

func (m *mailbox[T]) Fetch() (letter T, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.letters) == 0 && !m.closed {
		m.arrived.Wait()
	}
	if len(m.letters) == 0 {
		return letter, false
	}
	letter = m.letters[0]
	m.letters = m.letters[1:]
	return letter, true
}

// The wakeup is before the change, and under the lock.
func (m *mailbox[T]) PostAll(letters []T) {
	m.mu.Lock()
	m.arrived.Broadcast()
	m.letters = append(m.letters, letters...)
	m.mu.Unlock()
}

func (m *mailbox[T]) Close() {
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	m.arrived.Broadcast()
}

// This way it ends no loop.
func (m *mailbox[T]) Reopen() {
	m.mu.Lock()
	m.closed = false
	m.letters = nil
	m.mu.Unlock()
}

// A barrier counts down, and a function that all call tells.
type barrier struct {
	mu      sync.Mutex
	idle    sync.Cond
	running int
}

func newBarrier() *barrier {
	b := new(barrier)
	b.idle.L = &b.mu
	return b
}

func (b *barrier) Begin() {
	b.mu.Lock()
	b.running++
	b.mu.Unlock()
}

func (b *barrier) End() {
	b.drop()
	b.tell()
}

func (b *barrier) drop() {
	b.mu.Lock()
	b.running--
	b.mu.Unlock()
}

func (b *barrier) tell() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running == 0 {
		b.idle.Broadcast()
	}
}

func (b *barrier) Abort() {
	b.mu.Lock()
	defer b.tell()
	defer b.mu.Unlock()
	b.running--
}

func (b *barrier) WaitIdle() {
	b.mu.Lock()
	for b.running > 0 {
		b.idle.Wait()
	}
	b.mu.Unlock()
}

// A gate is looked at from time to time.
type gate struct {
	mu    sync.Mutex
	moved *sync.Cond
	open  atomic.Bool
}

func newGate(every time.Duration) *gate {
	g := new(gate)
	g.moved = sync.NewCond(&g.mu)
	go func() {
		for range time.Tick(every) {
			g.moved.Broadcast()
		}
	}()
	return g
}

func (g *gate) Pass() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for {
		if g.open.Load() {
			return
		}
		g.moved.Wait()
	}
}

func (g *gate) Open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open.Store(true)
	g.moved.Broadcast()
}

func (g *gate) Force() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open.Store(true)
}

// Who has changed it calls Flush when there is enough.
type batcher struct {
	mu      sync.Mutex
	filled  *sync.Cond
	pending []int
	done    bool
}

func newBatcher() *batcher {
	b := new(batcher)
	b.filled = sync.NewCond(&b.mu)
	return b
}

func (b *batcher) Add(n int) {
	b.mu.Lock()
	b.pending = append(b.pending, n)
	b.mu.Unlock()
}

func (b *batcher) Flush() { b.filled.Broadcast() }

func (b *batcher) Stop() {
	b.mu.Lock()
	b.done = true
	b.filled.Broadcast()
	b.mu.Unlock()
}

func (b *batcher) Take() []int {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.pending) == 0 && !b.done {
		b.filled.Wait()
	}
	all := b.pending
	b.pending = nil
	return all
}

// A goroutine that is told by a channel does the rest.
type session struct {
	mu     sync.Mutex
	ready  *sync.Cond
	quit   chan struct{}
	ended  bool
	frames []string
}

func newSession() *session {
	s := &session{quit: make(chan struct{})}
	s.ready = sync.NewCond(&s.mu)
	go s.run()
	return s
}

func (s *session) run() {
	<-s.quit
	s.mu.Lock()
	defer s.mu.Unlock()
	s.frames = append(s.frames, "bye")
	s.ready.Broadcast()
}

func (s *session) Next() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.frames) == 0 && !s.ended {
		s.ready.Wait()
	}
	return len(s.frames) > 0
}

func (s *session) End() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	close(s.quit)
}

// Workers put more into the queue that they wait for: who puts it there comes back.
type crawler struct {
	mu    sync.Mutex
	more  *sync.Cond
	urls  []string
	ended bool
}

func newCrawler() *crawler {
	c := new(crawler)
	c.more = sync.NewCond(&c.mu)
	return c
}

func (c *crawler) Seed(url string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.urls = append(c.urls, url)
	c.more.Signal()
}

func (c *crawler) Work(visit func(string) string) {
	for {
		c.mu.Lock()
		for len(c.urls) == 0 && !c.ended {
			c.more.Wait()
		}
		if c.ended {
			c.mu.Unlock()
			return
		}
		url := c.urls[0]
		c.urls = c.urls[1:]
		c.mu.Unlock()
		c.keep(visit(url))
	}
}

func (c *crawler) keep(url string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.urls = append(c.urls, url)
}

func (c *crawler) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	c.more.Broadcast()
}

// The Cond for room tells those that wait for the end too.
type channelOf struct {
	mu     sync.Mutex
	filled *sync.Cond
	room   *sync.Cond
	items  []int
	shut   bool
}

func newChannelOf() *channelOf {
	c := new(channelOf)
	c.filled, c.room = sync.NewCond(&c.mu), sync.NewCond(&c.mu)
	return c
}

func (c *channelOf) Put(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.items) > 8 && !c.shut {
		c.room.Wait()
	}
	c.items = append(c.items, n)
	c.filled.Signal()
}

func (c *channelOf) Get() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.items) == 0 && !c.shut {
		c.filled.Wait()
	}
	n := c.items[0]
	c.items = c.items[1:]
	c.room.Signal()
	c.filled.Signal()
	return n
}

func (c *channelOf) Shut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shut = true
	c.room.Broadcast()
}

// Nobody is asleep when it changes: who waits is counted, or the loop would end anyway.
type ledger struct {
	mu      sync.Mutex
	grown   *sync.Cond
	waiting int
	entries []int
	sealed  bool
}

func newLedger() *ledger {
	l := new(ledger)
	l.grown = sync.NewCond(&l.mu)
	return l
}

func (l *ledger) Enter(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, n)
	if l.waiting > 0 {
		l.grown.Signal()
	}
}

func (l *ledger) Next() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.entries) == 0 && !l.sealed {
		l.waiting++
		l.grown.Wait()
		l.waiting--
	}
	n := l.entries[0]
	l.entries = l.entries[1:]
	return n
}

func (l *ledger) TrySeal() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting > 0 {
		return false
	}
	l.sealed = true
	return true
}

func (l *ledger) Continue(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) > 0 {
		l.entries = append(l.entries, n)
	}
}

// Whatever is done under the lock is told when it is done.
type monitor struct {
	mu      sync.Mutex
	changed *sync.Cond
	level   int
	over    bool
}

func newMonitor() *monitor {
	m := new(monitor)
	m.changed = sync.NewCond(&m.mu)
	return m
}

func (m *monitor) do(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.changed.Broadcast()
	f()
}

func (m *monitor) Raise() { m.do(func() { m.level++ }) }

func (m *monitor) End() {
	m.mu.Lock()
	m.over = true
	m.mu.Unlock()
	m.do(func() {})
}

func (m *monitor) Await() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for m.level == 0 && !m.over {
		m.changed.Wait()
	}
}

// Who waits has itself woken from time to time.
type patient struct {
	mu    sync.Mutex
	moved *sync.Cond
	queue []int
	ended bool
}

func newPatient() *patient {
	p := new(patient)
	p.moved = sync.NewCond(&p.mu)
	return p
}

func (p *patient) Join(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queue = append(p.queue, n)
	p.moved.Signal()
}

func (p *patient) Next(every time.Duration) int {
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(every):
				p.moved.Broadcast()
			}
		}
	}()
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) == 0 && !p.ended {
		p.moved.Wait()
	}
	n := p.queue[0]
	p.queue = p.queue[1:]
	return n
}

func (p *patient) End() {
	p.mu.Lock()
	p.ended = true
	p.mu.Unlock()
}
