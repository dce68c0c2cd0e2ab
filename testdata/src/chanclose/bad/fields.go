package bad

import (
	"sync"
	"sync/atomic"
)

// A Topic makes its channel when somebody asks for it.
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
	close(t.feed) // want `close of t\.feed panics if nobody has called Topic\.Feed: it is nil until that makes it \(line \d+\); close it if it is not nil`
}

// A Download closes it in what Cancel calls, once.
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
		d.mu.Lock()
		defer d.mu.Unlock()
		close(d.done) // want `close of d\.done panics if nobody has called Download\.Done: .*`
	})
}

// A Listener is stopped once, and shut down without a look at that.
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
	close(l.quit) // want `close of l\.quit panics if Listener\.Stop \(line \d+\) has closed it: that asks l\.once whether it is the first, and this does not; call Stop instead`
}

// A Session has a mark.
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
	close(s.gone) // want `close of s\.gone panics if Session\.End \(line \d+\) has closed it: that asks s\.over .*`
}

// A Watch has an atomic one.
type Watch struct {
	ended atomic.Bool
	stop  chan struct{}
}

func NewWatch() *Watch { return &Watch{stop: make(chan struct{})} }

func (w *Watch) Stop() {
	if w.ended.CompareAndSwap(false, true) {
		close(w.stop)
	}
}

func (w *Watch) Abort() {
	close(w.stop) // want `close of w\.stop panics if Watch\.Stop \(line \d+\) has closed it: that asks w\.ended .*`
}

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
	close(f.done) // want `close of f\.done panics if Future\.Complete \(line \d+\) has closed it: .*`
}
