package bad

import (
	"context"
	"sync"
)

func work(int) error { return nil }

func exhausted(int) bool { return true }

// The goroutine can end by itself; who stops it then waits for ever.
type poller struct {
	quit chan struct{}
}

func newPoller() *poller {
	p := &poller{quit: make(chan struct{})}
	go p.loop()
	return p
}

func (p *poller) loop() {
	for i := 0; ; i++ {
		if exhausted(i) {
			return
		}
		select {
		case <-p.quit:
			return
		default:
		}
	}
}

func (p *poller) Stop() {
	p.quit <- struct{}{} // want `send on p.quit blocks forever if loop returns on line \d+`
}

// Stop ends the goroutine that the requests go to.
type Server struct {
	requests chan int
	done     chan struct{}
}

func NewServer() *Server {
	s := &Server{requests: make(chan int), done: make(chan struct{})}
	go s.loop()
	return s
}

func (s *Server) loop() {
	for {
		select {
		case r := <-s.requests:
			work(r)
		case <-s.done:
			return
		}
	}
}

func (s *Server) Do(r int) {
	s.requests <- r // want `send on s.requests blocks forever when Do is called after Stop`
}

func (s *Server) Stop() {
	close(s.done) // want `close of s.done panics when Stop is called twice; a sync.Once would guard it`
}

// The writer is told to end by the close of what others send on.
type Writer struct {
	lines chan string
	wg    sync.WaitGroup
}

func NewWriter() *Writer {
	w := &Writer{lines: make(chan string, 8)}
	w.wg.Add(1)
	go func() {
		defer w.wg.Done()
		for range w.lines {
			work(0)
		}
	}()
	return w
}

func (w *Writer) Write(s string) {
	w.lines <- s // want `send on w.lines panics when Write is called after Close`
}

func (w *Writer) Close() {
	close(w.lines) // want `close of w.lines panics when Close is called twice; a sync.Once would guard it`
	w.wg.Wait()
}

// Close waits under the lock that the goroutine needs to see that it is closed.
type Cache struct {
	mu     sync.Mutex
	closed bool
	tick   chan int
	wg     sync.WaitGroup
	once   sync.Once
	done   chan struct{}
}

func NewCache() *Cache {
	c := &Cache{tick: make(chan int), done: make(chan struct{})}
	c.wg.Add(1)
	go c.expire()
	return c
}

func (c *Cache) expire() {
	defer c.wg.Done()
	<-c.done
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
}

func (c *Cache) Close() {
	c.once.Do(func() { close(c.done) })
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wg.Wait() // want `c.wg.Wait blocks forever`
}

// The caller runs the loop, and ends it by its context.
type Tracker struct {
	added chan string
	gone  chan struct{}
}

func NewTracker() *Tracker {
	return &Tracker{added: make(chan string), gone: make(chan struct{})}
}

func (t *Tracker) Run(ctx context.Context) {
	defer close(t.gone)
	for {
		select {
		case <-t.added:
			work(1)
		case <-ctx.Done():
			return
		}
	}
}

func (t *Tracker) Add(name string) {
	t.added <- name // want `send on t.added blocks forever if <-ctx.Done\(\) is taken on line \d+`
}
