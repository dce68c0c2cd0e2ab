package good

import (
	"net/http"
	"net/rpc"
	"sync"
	"sync/atomic"
	"time"
)

type job struct {
	err   error
	done  chan struct{}
	tries int
	timer *time.Timer
}

// The result is read after the wait.
func runJob(work func() error) error {
	j := &job{done: make(chan struct{})}
	go func() {
		j.err = work()
		close(j.done)
	}()
	<-j.done
	return j.err
}

// Every goroutine counts under a lock.
func retryAll(works []func() error) int {
	j := &job{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, w := range works {
		wg.Go(func() {
			for w() != nil {
				mu.Lock()
				j.tries++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return j.tries
}

// The method that the goroutine runs writes what the starter resets.
func (j *job) loop(work func() error) {
	for work() != nil {
		j.tries++
	}
}

// The count is set to zero before.
func (j *job) start(work func() error) {
	j.tries = 0
	go j.loop(work)
}

type greeter struct {
	mu     sync.Mutex
	served atomic.Int64
	last   string
}

// The count is atomic, the rest is locked.
func (g *greeter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.served.Add(1)
	g.note(r)
}

func (g *greeter) note(r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last = r.URL.Path
}

type fallback struct {
	mu   sync.Mutex
	host string
}

// A client sends many requests at a time, one of which sets the host.
func (f *fallback) RoundTrip(r *http.Request) (*http.Response, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.host != r.URL.Host {
		f.host = r.URL.Host
	}
	return nil, http.ErrNotSupported
}

type upgrader struct{ conn *http.Response }

// An upgrader is made for one request, and asked for the connection after that.
func (u *upgrader) RoundTrip(r *http.Request) (*http.Response, error) {
	resp := &http.Response{Request: r}
	u.conn = resp
	return resp, nil
}

func (u *upgrader) Connection() *http.Response { return u.conn }

type statistics interface {
	Results() chan<- float64
	Stats() <-chan string
}

type weighted struct {
	total   float64
	results chan float64
	report  statistics
}

// What the report says it says when all results have been processed.
func (w *weighted) Stats() <-chan string {
	done := make(chan string, 1)
	go func() {
		defer close(done)
		rc := make(chan string, 1)
		go func() { rc <- (<-w.report.Stats()) }()
		go w.process()
		s := <-rc
		if w.total > 0 {
			done <- s
		}
	}()
	return done
}

func (w *weighted) process() {
	defer close(w.report.Results())
	for r := range w.results {
		w.total += r
		w.report.Results() <- r
	}
}

// arith is called by any number of clients at the same time.
type arith struct {
	mu    sync.Mutex
	calls int
}

func (a *arith) Double(n int, reply *int) error {
	a.mu.Lock()
	a.calls++
	a.mu.Unlock()
	*reply = 2 * n
	return nil
}

func serveArith() error { return rpc.Register(new(arith)) }

type extent struct{ from, to int }

type selection struct {
	all  extent
	last *extent
}

func (s *selection) move(to func() extent) int {
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.all = to()
	}()
	<-done
	return s.all.from
}

// What a pointer leads to is no part of the object.
func (s *selection) note() int {
	go func() { s.last.to = 0 }()
	return s.all.from
}
