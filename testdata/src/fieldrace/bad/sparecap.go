package bad

import (
	"net/http"
	"strings"
	"sync"
)

// labels are put before all that a reporter reports. They are gathered one by one, so the
// slice can have room for more: append puts what is appended there, without a copy.
type reporter struct {
	labels []string
	out    chan string
}

func newReporter(labels []string) *reporter {
	r := &reporter{out: make(chan string, 100)}
	for _, l := range labels {
		if l != "" {
			r.labels = append(r.labels, l)
		}
	}
	return r
}

func (r *reporter) report(more ...string) {
	all := append(r.labels, more...) // want `append into the spare capacity of r.labels races with itself: line 35 starts a goroutine in each turn of the loop; clip the slice first`
	r.out <- strings.Join(all, " ")
}

// Each goroutine appends to the one slice.
func (r *reporter) all(events []string) {
	var wg sync.WaitGroup
	for _, e := range events {
		wg.Go(func() { r.report("event", e) })
	}
	wg.Wait()
}

// The middleware that all routes have, and what one route has beside them.
type stages struct {
	common []func(http.Handler) http.Handler
	last   http.Handler
}

func (s *stages) Use(f func(http.Handler) http.Handler) { s.common = append(s.common, f) }

func (s *stages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	list := append(s.common, logged(r.URL.Path)) // want `append into the spare capacity of s.common races with itself: requests are served at the same time; clip the slice first`
	h := s.last
	for i := len(list) - 1; i >= 0; i-- {
		h = list[i](h)
	}
	h.ServeHTTP(w, r)
}

func logged(path string) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == path {
				h.ServeHTTP(w, r)
			}
		})
	}
}

// A read lock says that others read at the same time, and append writes.
type servers struct {
	mu     sync.RWMutex
	pinned []string
	found  []string
}

func (s *servers) Pin(addr string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pinned = append(s.pinned, addr)
}

func (s *servers) Find(addr string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found = append(s.found, addr)
}

func (s *servers) Addrs() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var list []string
	for _, a := range append(s.pinned, s.found...) { // want `append writes into the spare capacity of s.pinned under s.mu.RLock, which others can hold and do too; clip the slice first`
		list = append(list, strings.ToLower(a))
	}
	return list
}
