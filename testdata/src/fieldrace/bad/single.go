package bad

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

// A fuse blows after some errors and mends itself after a while.
type fuse struct {
	mu    sync.Mutex
	blown bool
	timer *time.Timer
}

func (f *fuse) ok() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.blown
}

func (f *fuse) note(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		f.blow()
		return
	}
	f.blown = false
}

// blow is called with mu held, which the function of the timer is not.
func (f *fuse) blow() {
	f.blown = true
	f.timer = time.AfterFunc(time.Minute, func() {
		f.blown = false // want `write of f.blown without f.mu races with the write on line \d+: \d of \d accesses hold mu; lock it here too`
	})
}

// A progress is copied as a whole while its parts are counted.
type progress struct{ done, total int }

type Copier struct {
	mu       sync.Mutex
	progress progress
	errs     []error
}

// Copy starts to copy.
func Copy(total int, one func(int) error) *Copier {
	c := &Copier{progress: progress{total: total}}
	go c.run(total, one)
	return c
}

func (c *Copier) run(total int, one func(int) error) {
	for i := range total {
		err := one(i)
		c.mu.Lock()
		c.progress.done++
		c.errs = append(c.errs, err)
		c.mu.Unlock()
	}
}

// Errs is what went wrong.
func (c *Copier) Errs() []error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]error(nil), c.errs...)
}

// Progress is how far it is.
func (c *Copier) Progress() progress {
	p := c.progress // want `^read of c.progress without c.mu races with the write on line \d+, which holds it; lock it here too$`
	return p
}

// Times is looked at and added to by requests.
type Times struct {
	mu    sync.Mutex
	count int
	worst time.Duration
}

func (t *Times) add(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count++
	t.worst = max(t.worst, d)
}

func (t *Times) hits() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.count
}

func (t *Times) longest() time.Duration {
	return t.worst // want `^read of t.worst without t.mu races with the write on line \d+, which holds it; lock it here too$`
}

// Around measures another handler.
func (t *Times) Around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		next.ServeHTTP(w, r)
		t.add(time.Since(start))
	})
}

func (t *Times) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintln(w, t.hits(), t.longest())
}
