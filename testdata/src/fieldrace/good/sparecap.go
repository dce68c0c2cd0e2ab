package good

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

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

// There is no room in what is appended to.
func (r *reporter) report(more ...string) {
	all := append(r.labels[:len(r.labels):len(r.labels)], more...)
	r.out <- strings.Join(all, " ")
}

func (r *reporter) all(events []string) {
	var wg sync.WaitGroup
	for _, e := range events {
		wg.Go(func() { r.report("event", e) })
	}
	wg.Wait()
}

// What is appended to is a copy.
func (r *reporter) copied(events []string) {
	var wg sync.WaitGroup
	for _, e := range events {
		wg.Go(func() { r.out <- strings.Join(append(slices.Clip(r.labels), e), " ") })
		wg.Go(func() { r.out <- strings.Join(append([]string{e}, r.labels...), " ") })
	}
	wg.Wait()
}

// One after the other.
func (r *reporter) inTurn(events []string) {
	for _, e := range events {
		r.report("event", e)
		done := make(chan string)
		go func() { done <- strings.Join(append(r.labels, e), " ") }()
		r.out <- <-done
	}
}

type stages struct {
	common []func(http.Handler) http.Handler
	last   http.Handler
}

func (s *stages) Use(f func(http.Handler) http.Handler) { s.common = append(s.common, f) }

func (s *stages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	list := slices.Concat(s.common, []func(http.Handler) http.Handler{logged(r.URL.Path)})
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

// The slice of a literal has no room.
type fixedStages struct {
	common []string
	last   http.Handler
}

func newFixedStages(last http.Handler) *fixedStages {
	return &fixedStages{common: []string{"a", "b"}, last: last}
}

func (s *fixedStages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for _, name := range append(s.common, r.URL.Path) {
		w.Header().Add("X-Stage", name)
	}
	s.last.ServeHTTP(w, r)
}

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
	for _, a := range slices.Concat(s.pinned, s.found) {
		list = append(list, strings.ToLower(a))
	}
	return list
}

// Under the lock nobody else appends at the same time.
func (s *servers) Alone() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, a := range append(s.pinned, s.found...) {
		n += len(a)
	}
	return n
}

// What is put back is a write under a read lock, which is told as that.
type waiting struct {
	mu   sync.Mutex
	list []string
}

func (w *waiting) Add(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := append(w.list, name)
	w.list = list
}
