package good

import (
	"context"
	"sync"
)

func work(int) error { return nil }

func exhausted(int) bool { return true }

// The goroutine says when it has ended.
type poller struct {
	quit chan struct{}
	gone chan struct{}
}

func newPoller() *poller {
	p := &poller{quit: make(chan struct{}), gone: make(chan struct{})}
	go p.loop()
	return p
}

func (p *poller) loop() {
	defer close(p.gone)
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
	select {
	case p.quit <- struct{}{}:
	case <-p.gone:
	}
}

// Requests watch what ends the goroutine, and Stop can come twice.
type Server struct {
	requests chan int
	done     chan struct{}
	once     sync.Once
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
	select {
	case s.requests <- r:
	case <-s.done:
	}
}

func (s *Server) Stop() { s.once.Do(func() { close(s.done) }) }

// The writer is closed under the lock that Write asks.
type Writer struct {
	mu     sync.Mutex
	closed bool
	lines  chan string
	wg     sync.WaitGroup
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
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	w.lines <- s
}

func (w *Writer) Close() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.lines)
	}
	w.mu.Unlock()
	w.wg.Wait()
}

// Close waits without the lock.
type Cache struct {
	mu     sync.Mutex
	closed bool
	wg     sync.WaitGroup
	once   sync.Once
	done   chan struct{}
}

func NewCache() *Cache {
	c := &Cache{done: make(chan struct{})}
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
	c.wg.Wait()
}

// What one method sends, another receives, whenever the caller likes.
type Pipe struct {
	data chan int
	done chan struct{}
	once sync.Once
}

func NewPipe() *Pipe {
	p := &Pipe{data: make(chan int), done: make(chan struct{})}
	go func() {
		<-p.done
		work(0)
	}()
	return p
}

func (p *Pipe) Put(x int) { p.data <- x }

func (p *Pipe) Get() int { return <-p.data }

func (p *Pipe) Close() { p.once.Do(func() { close(p.done) }) }

// The caller is given the channel that the goroutine sends on.
type Feed struct {
	out  chan int
	done chan struct{}
	once sync.Once
}

func NewFeed() *Feed {
	f := &Feed{out: make(chan int), done: make(chan struct{})}
	go f.run()
	return f
}

func (f *Feed) run() {
	defer close(f.out)
	for i := 0; ; i++ {
		f.out <- i
		select {
		case <-f.done:
			return
		default:
		}
	}
}

func (f *Feed) Values() <-chan int { return f.out }

func (f *Feed) Stop() { f.once.Do(func() { close(f.done) }) }

// A waiting method ends when the stopping one is called.
type Job struct {
	done chan struct{}
	once sync.Once
}

func NewJob() *Job {
	j := &Job{done: make(chan struct{})}
	go func() {
		work(1)
		j.Stop()
	}()
	return j
}

func (j *Job) Wait() { <-j.done }

func (j *Job) Stop() { j.once.Do(func() { close(j.done) }) }

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
	select {
	case t.added <- name:
	case <-t.gone:
	}
}
