package bad

import (
	"errors"
	"io"
	"sync"
	"time"
)

// Ticker waits for its goroutine before it tells that to end.
type Ticker struct {
	quit chan struct{}
	wg   sync.WaitGroup
	n    int
}

func NewTicker() *Ticker { return &Ticker{quit: make(chan struct{})} }

func (t *Ticker) Start() {
	t.wg.Add(1)
	go t.run()
}

func (t *Ticker) run() {
	defer t.wg.Done()
	clock := time.NewTicker(time.Second)
	defer clock.Stop()
	for {
		select {
		case <-clock.C:
			t.n++
		case <-t.quit:
			return
		}
	}
}

func (t *Ticker) Stop() {
	t.wg.Wait() // want `t\.wg\.Wait blocks forever`
	close(t.quit)
}

// Replica says that it has ended on one of its ways only.
type Replica struct {
	next   func() (string, error)
	apply  func(string) error
	quit   chan struct{}
	exited chan struct{}
	once   sync.Once
}

func NewReplica(next func() (string, error), apply func(string) error) *Replica {
	r := &Replica{next: next, apply: apply, quit: make(chan struct{}), exited: make(chan struct{})}
	go r.run()
	return r
}

func (r *Replica) run() {
	for {
		s, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return
		}
		if err := r.apply(s); err != nil {
			return
		}
	}
	close(r.exited)
}

func (r *Replica) Stop() {
	r.once.Do(func() { close(r.quit) })
	<-r.exited // want `receive from r\.exited blocks forever if run returns on line 65`
}

// Watch has no quit when it is made with an interval.
type Watch struct {
	every   time.Duration
	quit    chan struct{}
	stopped chan struct{}
	stop    sync.Once
}

func NewWatch() *Watch {
	return &Watch{every: time.Minute, quit: make(chan struct{}), stopped: make(chan struct{})}
}

func NewWatchEvery(every time.Duration) *Watch {
	return &Watch{every: every, stopped: make(chan struct{})}
}

func (w *Watch) Start() { go w.loop() }

func (w *Watch) loop() {
	defer close(w.stopped)
	for {
		select {
		case <-time.After(w.every):
		case <-w.quit:
			return
		}
	}
}

func (w *Watch) Stop() {
	w.stop.Do(func() {
		close(w.quit) // want `close of w\.quit panics: no channel is there after NewWatchEvery`
	})
	<-w.stopped
}

// Batch drains what nobody closes.
type Batch struct {
	items chan string
	quit  chan struct{}
	stop  sync.Once
	n     int
}

func NewBatch(room int) *Batch {
	b := &Batch{items: make(chan string, room), quit: make(chan struct{})}
	go b.run()
	return b
}

func (b *Batch) run() {
	for {
		select {
		case <-b.items:
			b.n++
		case <-b.quit:
			for range b.items { // want `range over b\.items blocks forever, also after Close`
				b.n++
			}
			return
		}
	}
}

func (b *Batch) Add(s string) {
	select {
	case b.items <- s:
	default:
	}
}

func (b *Batch) Close() { b.stop.Do(func() { close(b.quit) }) }

// Conn closes itself, and waits for itself, when it is told so by an event.
type Conn struct {
	events  chan int
	quit    chan struct{}
	stopped chan struct{}
	once    sync.Once
}

func Dial() *Conn {
	c := &Conn{events: make(chan int, 32), quit: make(chan struct{}), stopped: make(chan struct{})}
	go c.dispatch()
	return c
}

func (c *Conn) dispatch() {
	defer close(c.stopped)
	for {
		select {
		case ev := <-c.events:
			if ev == 3 {
				c.Close()
			}
		case <-c.quit:
			return
		}
	}
}

func (c *Conn) Deliver(ev int) bool {
	select {
	case c.events <- ev:
		return true
	case <-c.quit:
		return false
	}
}

func (c *Conn) Close() {
	c.once.Do(func() { close(c.quit) })
	<-c.stopped // want `receive from c\.stopped blocks forever`
}

// Lines reads ahead until somebody closes quit, which nobody does.
type Lines struct {
	ahead chan string
	quit  chan struct{}
	once  sync.Once
	cur   string
}

func ReadLines(next func() (string, bool), room int) *Lines {
	l := &Lines{ahead: make(chan string, room), quit: make(chan struct{})}
	go l.fill(next)
	return l
}

func (l *Lines) fill(next func() (string, bool)) {
	defer close(l.ahead)
	for {
		s, ok := next()
		if !ok {
			return
		}
		select { // want `select blocks forever, also after Close`
		case l.ahead <- s:
		case <-l.quit:
			return
		}
	}
}

func (l *Lines) Next() bool {
	s, ok := <-l.ahead
	l.cur = s
	return ok
}

func (l *Lines) Close() {
	l.once.Do(func() { l.cur = "" })
}

// Sessions has a Close that its janitor does not hear of.
type Sessions struct {
	mu    sync.Mutex
	items map[string]time.Time
	done  bool
}

func NewSessions(every time.Duration) *Sessions {
	s := &Sessions{items: make(map[string]time.Time)}
	go s.janitor(every)
	return s
}

func (s *Sessions) janitor(every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for now := range t.C { // want `the goroutine that waits here goes on for ever, also after Close: nothing can tell it to end`
		s.mu.Lock()
		for k, at := range s.items {
			if now.After(at) {
				delete(s.items, k)
			}
		}
		s.mu.Unlock()
	}
}

func (s *Sessions) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = true
	clear(s.items)
}
