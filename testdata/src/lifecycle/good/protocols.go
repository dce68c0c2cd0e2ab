package good

import (
	"errors"
	"io"
	"sync"
	"time"
)

// Ticker tells its goroutine to end and then waits for it.
type Ticker struct {
	quit chan struct{}
	once sync.Once
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
	t.once.Do(func() { close(t.quit) })
	t.wg.Wait()
}

// Replica says that it has ended, however that is.
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
	defer close(r.exited)
	for {
		s, err := r.next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			return
		}
		if err := r.apply(s); err != nil {
			return
		}
	}
}

func (r *Replica) Stop() {
	r.once.Do(func() { close(r.quit) })
	<-r.exited
}

// Watch has a quit, however it is made.
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
	return &Watch{every: every, quit: make(chan struct{}), stopped: make(chan struct{})}
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
		close(w.quit)
	})
	<-w.stopped
}

// Batch drains what is there.
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
			for {
				select {
				case <-b.items:
					b.n++
				default:
					return
				}
			}
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

// Conn closes itself, and does not wait for itself, when it is told so by an event.
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
				c.shutdown()
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

func (c *Conn) shutdown() { c.once.Do(func() { close(c.quit) }) }

func (c *Conn) Close() {
	c.shutdown()
	<-c.stopped
}

// Lines reads ahead until it is closed.
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
		select {
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
	l.once.Do(func() { close(l.quit) })
}

// Sessions has a Close that its janitor hears of.
type Sessions struct {
	mu    sync.Mutex
	items map[string]time.Time
	done  bool
	quit  chan struct{}
}

func NewSessions(every time.Duration) *Sessions {
	s := &Sessions{items: make(map[string]time.Time), quit: make(chan struct{})}
	go s.janitor(every)
	return s
}

func (s *Sessions) janitor(every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case now := <-t.C:
			s.mu.Lock()
			for k, at := range s.items {
				if now.After(at) {
					delete(s.items, k)
				}
			}
			s.mu.Unlock()
		case <-s.quit:
			return
		}
	}
}

func (s *Sessions) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.done {
		s.done = true
		close(s.quit)
	}
	clear(s.items)
}

// Flagged has a janitor that looks at a flag now and then.
type Flagged struct {
	mu   sync.Mutex
	done bool
	n    int
}

func NewFlagged() *Flagged {
	f := new(Flagged)
	go f.janitor()
	return f
}

func (f *Flagged) janitor() {
	for range time.Tick(time.Second) {
		f.mu.Lock()
		done := f.done
		f.n++
		f.mu.Unlock()
		if done {
			return
		}
	}
}

func (f *Flagged) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done = true
}

// Service is waited for by who has not stopped it, and starts anew by itself.
type Service struct {
	once          sync.Once
	stop, stopped chan struct{}
	answers       map[int]chan string
	asked         chan int
}

func NewService(load func() error) (*Service, error) {
	s := &Service{stop: make(chan struct{}), stopped: make(chan struct{}), answers: make(map[int]chan string), asked: make(chan int)}
	return s, load()
}

func (s *Service) Start() { go s.run() }

func (s *Service) run() {
	defer close(s.stopped)
	for {
		select {
		case <-s.asked:
		case <-s.stop:
			return
		}
	}
}

func (s *Service) Wait() { <-s.stopped }

func (s *Service) Answer(id int, text string) {
	if c := s.answers[id]; c != nil {
		delete(s.answers, id)
		c <- text
		close(c)
	}
}

func (s *Service) Halt() { s.once.Do(func() { close(s.stop) }) }

func (s *Service) Restart() {
	s.Halt()
	<-s.stopped
	s.once, s.stop, s.stopped = sync.Once{}, make(chan struct{}), make(chan struct{})
	go s.run()
}

// Listener need not be stopped when it could not be started.
type Listener struct {
	listen  func() error
	started chan struct{}
	serve   func()
}

func NewListener(listen func() error, serve func()) *Listener {
	return &Listener{listen: listen, started: make(chan struct{}), serve: serve}
}

func (l *Listener) Start() error {
	if err := l.listen(); err != nil {
		return err
	}
	go func() {
		close(l.started)
		l.serve()
	}()
	return nil
}

func (l *Listener) Stop() { <-l.started }
