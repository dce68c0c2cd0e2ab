package good

import (
	"sync"
	"sync/atomic"
	"time"
)

// poller is asked while it polls.
type poller struct {
	mu   sync.Mutex
	quit chan struct{}
	last time.Time
	errs int
}

func newPoller(check func() error) *poller {
	p := &poller{quit: make(chan struct{})}
	go p.run(check)
	return p
}

func (p *poller) run(check func() error) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-p.quit:
			return
		case now := <-t.C:
			p.note(now)
		}
	}
}

func (p *poller) note(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = now
	p.errs++
}

func (p *poller) Last() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

func (p *poller) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.errs = 0
}

func (p *poller) Close() { close(p.quit) }

type cache struct {
	entry *int
	ready chan struct{}
}

// Refresh says when the entry is there.
func (c *cache) Refresh() {
	c.ready = make(chan struct{})
	go func() {
		n := 1
		c.entry = &n
		close(c.ready)
	}()
}

func (c *cache) Wait() { <-c.ready }

// Entry is asked after Wait.
func (c *cache) Entry() *int { return c.entry }

// counter is asked for its sum when Stop has waited for it.
type summer struct {
	in   chan int
	done chan struct{}
	sum  int
}

func newSummer() *summer {
	s := &summer{in: make(chan int), done: make(chan struct{})}
	go s.run()
	return s
}

func (s *summer) run() {
	defer close(s.done)
	for n := range s.in {
		s.sum += n
	}
}

func (s *summer) Add(n int) { s.in <- n }

func (s *summer) Stop() {
	close(s.in)
	<-s.done
}

func (s *summer) Sum() int { return s.sum }

// conn hands itself to the handler, which asks it in the same goroutine.
type conn struct {
	handle func(*conn)
	seq    int
}

func serve(handle func(*conn)) *conn {
	c := &conn{handle: handle}
	go c.loop()
	return c
}

func (c *conn) loop() {
	for {
		c.seq++
		c.handle(c)
	}
}

func (c *conn) Seq() int { return c.seq }

// limit is set before Start.
type worker struct {
	limit, used int
	quit        chan struct{}
}

func (w *worker) Start() {
	go func() {
		for {
			select {
			case <-w.quit:
				return
			default:
				w.used = w.limit
			}
		}
	}()
}

func (w *worker) SetUsed(n int) { w.used = n }

type election struct {
	leader int
	term   int
}

func (e *election) won(id int) {
	e.leader = id
	e.term++
}

type member struct {
	votes chan int
	asked chan chan int
	quit  chan struct{}
	ended chan struct{}
	e     *election
}

func newMember() *member {
	m := &member{votes: make(chan int, 1), asked: make(chan chan int), quit: make(chan struct{}), ended: make(chan struct{}), e: new(election)}
	go m.run()
	return m
}

func (m *member) run() {
	defer close(m.ended)
	for {
		select {
		case id := <-m.votes:
			m.e.won(id)
		case reply := <-m.asked:
			reply <- m.e.leader
		case <-m.quit:
			return
		}
	}
}

func (m *member) Vote(id int) int {
	select {
	case m.votes <- id:
		return 0
	case <-m.ended:
		return m.e.leader
	default:
	}
	reply := make(chan int)
	select {
	case m.asked <- reply:
		return <-reply
	case <-m.ended:
		return 0
	}
}

// Who has ended it is alone.
func (m *member) Stop() int {
	close(m.quit)
	<-m.ended
	return m.e.leader
}

var (
	level   int
	levelMu sync.Mutex
)

func Watch(every time.Duration) {
	go func() {
		for now := range time.Tick(every) {
			levelMu.Lock()
			level = now.Second()
			levelMu.Unlock()
		}
	}()
}

func Level() int {
	levelMu.Lock()
	defer levelMu.Unlock()
	return level
}

type idle struct {
	t    *time.Timer
	over atomic.Bool
}

func newIdle(d time.Duration) *idle {
	i := &idle{}
	i.t = time.AfterFunc(d, func() { i.over.Store(true) })
	return i
}

func (i *idle) Over() bool { return i.over.Load() }
