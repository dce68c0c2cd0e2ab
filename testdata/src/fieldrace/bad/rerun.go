package bad

import (
	"net"
	"net/http"
	"sync"
)

type operation struct{ answers []string }

// recorder notes what each watch is answered.
type recorder struct {
	mu         sync.Mutex
	operations []operation
}

// The next watch appends, and so can move, what this one's goroutine writes to.
func (r *recorder) Watch(answers <-chan string) {
	r.mu.Lock()
	r.operations = append(r.operations, operation{})
	index := len(r.operations) - 1
	r.mu.Unlock()
	go func() {
		for a := range answers {
			r.operations[index].answers = append(r.operations[index].answers, a) // want `read of r.operations races with the write on line 20 of the next call: the goroutine of line 23 can still run; hold r.mu there too`
		}
	}()
}

var (
	frontMu sync.Mutex
	front   *http.Server
)

// The next server is served by the goroutine of this one, or nobody serves this one.
func Serve(l net.Listener, h http.Handler) {
	frontMu.Lock()
	defer frontMu.Unlock()
	front = &http.Server{Handler: h}
	go func() {
		_ = front.Serve(l) // want `read of front races with the write on line 39 of the next call: the goroutine of line 40 can still run; hold frontMu there too`
	}()
}
