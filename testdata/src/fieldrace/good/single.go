package good

import (
	"net/http"
	"sync"
	"time"
)

// A Fuse1 blows after some errors; who starts the function holds the lock until it has run.
type Fuse1 struct {
	mu    sync.Mutex
	blown bool
}

// Blow waits for the goroutine with the lock held.
func (f *Fuse1) Blow() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.set()
}

// set is called with mu held.
func (f *Fuse1) set() {
	done := make(chan struct{})
	go func() {
		f.blown = true
		close(done)
	}()
	<-done
}

// Blown asks.
func (f *Fuse1) Blown() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.blown
}

// A Log1 is written by its own goroutine; its size is set before.
type Log1 struct {
	mu    sync.Mutex
	size  int
	lines []string
	last  string
}

// NewLog1 makes a log.
func NewLog1(size int, in <-chan string) *Log1 {
	l := &Log1{size: size}
	go l.run(in)
	return l
}

func (l *Log1) run(in <-chan string) {
	for line := range in {
		l.last = line // only here
		l.mu.Lock()
		if len(l.lines) < l.size {
			l.lines = append(l.lines, l.last)
		}
		l.mu.Unlock()
	}
}

// Size is the size.
func (l *Log1) Size() int { return l.size }

// Len is how many lines there are.
func (l *Log1) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.lines)
}

// A Page1 is made for each request.
type Page1 struct {
	mu    sync.Mutex
	parts []string
	took  time.Duration
}

func (p *Page1) add(s string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.parts = append(p.parts, s)
	p.took += d
}

func (p *Page1) all() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.parts
}

func (p *Page1) time() time.Duration { return p.took }

// Pages1 makes pages.
type Pages1 struct{ parts []func() string }

func (ps *Pages1) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	p := &Page1{}
	for _, part := range ps.parts {
		start := time.Now()
		p.add(part(), time.Since(start))
	}
	for _, s := range p.all() {
		w.Write([]byte(s))
	}
	w.Header().Set("X-Time", p.time().String())
}
