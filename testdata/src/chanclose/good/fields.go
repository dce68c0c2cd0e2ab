package good

import (
	"errors"
	"sync"
	"sync/atomic"
)

// A Topic closes its channel if there is one.
type Topic struct {
	mu     sync.Mutex
	feed   chan string
	closed bool
}

func NewTopic() *Topic { return &Topic{} }

func (t *Topic) Feed() <-chan string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.feed == nil {
		t.feed = make(chan string, 8)
		if t.closed {
			close(t.feed)
		}
	}
	return t.feed
}

func (t *Topic) Close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	t.closed = true
	if t.feed != nil {
		close(t.feed)
	}
}

// A Download asks for the channel itself before it closes it.
type Download struct {
	mu   sync.Mutex
	once sync.Once
	done chan struct{}
}

func (d *Download) Done() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.done == nil {
		d.done = make(chan struct{})
	}
	return d.done
}

func (d *Download) Cancel() { d.finish() }

func (d *Download) finish() {
	d.once.Do(func() {
		d.Done()
		d.mu.Lock()
		defer d.mu.Unlock()
		close(d.done)
	})
}

// A Listener is stopped once, whoever does it.
type Listener struct {
	quit chan struct{}
	once sync.Once
}

func NewListener() *Listener { return &Listener{quit: make(chan struct{})} }

func (l *Listener) Stop() {
	l.once.Do(func() { close(l.quit) })
}

func (l *Listener) Shutdown(report func(string), reason string) {
	report(reason)
	l.Stop()
}

// A Session has a mark, at which both look.
type Session struct {
	mu   sync.Mutex
	over bool
	gone chan struct{}
}

func NewSession() *Session { return &Session{gone: make(chan struct{})} }

func (s *Session) End() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return
	}
	s.over = true
	close(s.gone)
}

func (s *Session) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.over {
		s.over = true
		close(s.gone)
	}
}

// A Watch has another channel for what is not stopped in order.
type Watch struct {
	ended         atomic.Bool
	stop, aborted chan struct{}
}

func NewWatch() *Watch { return &Watch{stop: make(chan struct{}), aborted: make(chan struct{})} }

func (w *Watch) Stop() {
	if w.ended.CompareAndSwap(false, true) {
		close(w.stop)
	}
}

func (w *Watch) Abort() {
	close(w.aborted)
}

// Who stops a Machine has started it: that is no question that one asks.
type Machine struct {
	quit chan struct{}
}

func (m *Machine) Start(run func(<-chan struct{})) {
	if m.quit == nil {
		m.quit = make(chan struct{})
	}
	go run(m.quit)
}

func (m *Machine) Stop() { close(m.quit) }

// A Ticket knows by its mark that somebody has asked.
type Ticket struct {
	mu    sync.Mutex
	asked bool
	ready chan int
}

func (t *Ticket) Ready() <-chan int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ready == nil {
		t.ready = make(chan int)
		t.asked = true
	}
	return t.ready
}

func (t *Ticket) Void() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.asked {
		close(t.ready)
	}
}

// A Meeting asks when it is made.
type Meeting struct {
	over chan struct{}
}

func NewMeeting() *Meeting {
	m := new(Meeting)
	m.Over()
	return m
}

func (m *Meeting) Over() <-chan struct{} {
	if m.over == nil {
		m.over = make(chan struct{})
	}
	return m.over
}

func (m *Meeting) End() { close(m.over) }

// A Proxy is made anew when it starts again, and what fails when it is made is nobody
// else's yet; its goroutine ends by itself.
type Proxy struct {
	once sync.Once
	quit chan struct{}
	done chan struct{}
}

func NewProxy(open func() error) (*Proxy, error) {
	p := &Proxy{quit: make(chan struct{}), done: make(chan struct{})}
	if err := open(); err != nil {
		close(p.quit)
		return nil, errors.Join(errors.New("proxy"), err)
	}
	go p.run()
	return p, nil
}

func (p *Proxy) run() {
	<-p.quit
	p.end()
}

func (p *Proxy) end() { close(p.done) }

func (p *Proxy) Stop() { p.once.Do(func() { close(p.quit) }) }

func (p *Proxy) Restart() {
	p.quit = make(chan struct{})
	p.once = sync.Once{}
}

func (p *Proxy) Interrupt() { close(p.quit) }

// The one method calls the other, or is called in the Once.
type Feeder struct {
	once sync.Once
	quit chan struct{}
}

func NewFeeder() *Feeder { return &Feeder{quit: make(chan struct{})} }

func (f *Feeder) Close() { f.once.Do(f.Interrupt) }

func (f *Feeder) Interrupt() { close(f.quit) }

// A Future that fails has an error, which is no mark.
type Future struct {
	once sync.Once
	done chan struct{}
	err  error
}

func NewFuture() *Future { return &Future{done: make(chan struct{})} }

func (f *Future) Complete() { f.once.Do(func() { close(f.done) }) }

func (f *Future) Fail(err error) {
	f.err = err
	f.Complete()
}
