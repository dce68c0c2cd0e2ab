package good

import (
	"net"
	"net/http"
	"sync"
	"time"
)

type operation struct{ answers []string }

// recorder notes what each watch is answered.
type recorder struct {
	mu         sync.Mutex
	operations []operation
	started    bool
	stop       chan struct{}
	last       string
	wg         sync.WaitGroup
}

// The goroutine takes the lock too.
func (r *recorder) Watch(answers <-chan string) {
	r.mu.Lock()
	r.operations = append(r.operations, operation{})
	index := len(r.operations) - 1
	r.mu.Unlock()
	go func() {
		for a := range answers {
			r.mu.Lock()
			r.operations[index].answers = append(r.operations[index].answers, a)
			r.mu.Unlock()
		}
	}()
}

// The second call starts nothing.
func (r *recorder) Run() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.started {
		return
	}
	r.started = true
	r.stop = make(chan struct{})
	go func() { <-r.stop }()
}

// It has ended when the call returns.
func (r *recorder) Ask(ask func() string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = "unknown"
	r.wg.Add(1)
	go func() {
		defer r.wg.Done()
		r.last = ask()
	}()
	r.wg.Wait()
	return r.last
}

var (
	frontMu sync.Mutex
	front   *http.Server
)

// Each goroutine has its server.
func Serve(l net.Listener, h http.Handler) {
	frontMu.Lock()
	defer frontMu.Unlock()
	front = &http.Server{Handler: h}
	go func(s *http.Server) {
		_ = s.Serve(l)
	}(front)
}

type site struct{ pages []string }

type builder struct{ site *site }

// watcher is code that is not seen: it sends when it is told to.
type watcher interface{ notify(changes chan<- string) }

// The goroutine is given something to do only when the watcher, which the function
// does not start, has been started.
func (b *builder) init(w watcher, s *site) {
	changes := make(chan string)
	w.notify(changes)
	go func() {
		for c := range changes {
			b.site.pages = append(b.site.pages, c)
		}
	}()
	b.site = s
}

// flushed starts its flusher with the first write.
type flushed struct {
	mu      sync.Mutex
	started bool
	tick    *time.Ticker
	lines   []string
}

func (s *flushed) Write(l string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.started {
		s.startFlusher()
	}
	s.lines = append(s.lines, l)
}

func (s *flushed) startFlusher() {
	s.started = true
	s.tick = time.NewTicker(time.Minute)
	go func() {
		for range s.tick.C {
			s.mu.Lock()
			s.lines = s.lines[:0]
			s.mu.Unlock()
		}
	}()
}

// lull sets its timer, which its function looks at when it fires.
type lull struct {
	after time.Duration
	timer *time.Timer
}

func newLull(after time.Duration) *lull {
	i := &lull{after: after}
	i.timer = time.AfterFunc(after, i.fire)
	return i
}

func (i *lull) fire() { i.timer.Reset(i.after) }
