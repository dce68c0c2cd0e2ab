package bad

import (
	"net/http"
	"sync"
	"time"
)

// A Drain runs a function over and over.
type Drain struct {
	once sync.Once
	over bool
	wg   sync.WaitGroup
}

// Run starts it.
func (d *Drain) Run(one func() bool) {
	d.wg.Go(func() {
		for !d.over { // want `^the loop ends by plain reads of d.over, which race with the write on line \d+ and need never see it; use sync/atomic or a channel$`
			if !one() {
				time.Sleep(time.Second)
			}
		}
	})
}

// Stop ends it.
func (d *Drain) Stop() {
	d.once.Do(func() { d.over = true })
	d.wg.Wait()
}

type limits struct{ body int64 }

// A Gate limits requests; the limits are read anew when somebody asks for it.
type Gate struct {
	next   http.Handler
	now    *limits
	reread chan chan error
}

// NewGate makes one.
func NewGate(next http.Handler, read func() (*limits, error)) *Gate {
	g := &Gate{next: next, now: &limits{1 << 20}, reread: make(chan chan error)}
	go func() {
		for done := range g.reread {
			l, err := read()
			if err == nil {
				g.now = l
			}
			done <- err
		}
	}()
	return g
}

// Reread waits until the limits are those that are set now.
func (g *Gate) Reread() error {
	done := make(chan error, 1)
	g.reread <- done
	return <-done
}

func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, g.now.body) // want `^read of g.now races with the write on line \d+: nothing orders it with the goroutine of line \d+; guard both by a mutex$`
	g.next.ServeHTTP(w, r)
}
