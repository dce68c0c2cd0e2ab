package bad

import (
	"net/http"
	"net/rpc"
	"sync"
	"time"
)

type job struct {
	err   error
	done  chan struct{}
	tries int
	timer *time.Timer
}

// The result is read although nobody has waited.
func runJob(work func() error) error {
	j := &job{done: make(chan struct{})}
	go func() {
		j.err = work() // want `write of j.err races with the read on line 24: nothing on the way there waits for the goroutine of line 20`
		close(j.done)
	}()
	return j.err
}

// Every goroutine counts in the same object.
func retryAll(works []func() error) int {
	j := &job{}
	var wg sync.WaitGroup
	for _, w := range works {
		wg.Go(func() {
			for w() != nil {
				j.tries++ // want `write of j.tries races with itself: line 32 starts a goroutine in each turn of the loop`
			}
		})
	}
	wg.Wait()
	return j.tries
}

// The method that the goroutine runs writes what the starter resets.
func (j *job) loop(work func() error) {
	for work() != nil {
		j.tries++ // want `write of j.tries races with the write on line 52: nothing on the way there waits for the goroutine of line 51`
	}
}

// The count is set to zero when the goroutine has begun to count.
func (j *job) start(work func() error) {
	go j.loop(work)
	j.tries = 0
}

type greeter struct {
	served int
	last   string
}

// Two requests count to the same number.
func (g *greeter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.served++ // want `write of g.served races with itself: requests are served at the same time; guard both by a mutex`
	g.note(r)
}

func (g *greeter) note(r *http.Request) {
	g.last = r.URL.Path // want `write of g.last races with itself`
}

type fallback struct{ host string }

// A client sends many requests at a time.
func (f *fallback) RoundTrip(r *http.Request) (*http.Response, error) {
	if f.host != r.URL.Host {
		f.host = r.URL.Host // want `write of f.host races with itself`
	}
	return nil, http.ErrNotSupported
}

// arith is called by any number of clients at the same time.
type arith struct{ calls int }

func (a *arith) Double(n int, reply *int) error {
	a.calls++ // want `write of a.calls races with itself: requests are served at the same time`
	*reply = 2 * n
	return nil
}

func serveArith() error { return rpc.Register(new(arith)) }

type extent struct{ from, to int }

type selection struct{ all extent }

// The whole is written while a part is read.
func (s *selection) move(to func() extent) int {
	go func() { s.all = to() }() // want `write of s.all races with the read on line \d+: nothing on the way there waits for the goroutine of line \d+; guard both by a mutex`
	return s.all.from
}
