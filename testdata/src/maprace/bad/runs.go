package bad

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
)

// Runs are the scenarios that can be run.
var Runs = map[string]func(){
	"askAll":             func() { askAll(strings.Fields("a b c d e f"), http.Header{}) },
	"mergeAll":           func() { mergeAll([]map[string]int{{"a": 1}, {"b": 2}, {"c": 3}, {"d": 4}}) },
	"printWhileFilled":   func() { printWhileFilled(strings.Fields("a b c d e f")) },
	"fillInParallel":     func() { fillInParallel(some) },
	"countInGroup":       func() { countInGroup(some) },
	"rangeWhileFilled":   func() { rangeWhileFilled(some) },
	"workers":            func() { workers(feed()) },
	"deleteBeside":       func() { deleteBeside(map[string]bool{"a": true}, some) },
	"writeUnderReadLock": func() { writeUnderReadLock(some) },
	"build":              func() { (&index{sizes: map[string]int{}}).build(some) },
	"Highest": func() {
		g := newGrants()
		g.Grant("a", "b", 1)
		both(func() { g.Highest("a") }, func() { g.Grant("a", "c", 2) })
	},
	"Allows": func() {
		g := newGrants()
		g.Grant("a", "b", 1)
		both(func() { g.Allows("a", "b") }, func() { g.Grant("a", "c", 2) })
	},
	"Of": func() {
		g := newGrants()
		g.Grant("a", "b", 1)
		both(func() { println(len(g.Of("a"))) }, func() { g.Revoke("a", "b") })
	},
	"tally": func() {
		c := &tally{of: map[string]int{}}
		both(func() { c.Has("a") }, func() { c.Add("a") })
	},
	"Has":   func() { c := newCache(); both(func() { c.Put("b", 1) }, func() { c.Has("a") }) },
	"Hit":   func() { c := newCache(); both(func() { c.Get("b") }, func() { c.Hit("a") }) },
	"All":   func() { c := newCache(); both(func() { c.Put("b", 1) }, func() { println(len(c.All())) }) },
	"Total": func() { v := &visits{count: map[string]int{}}; both(func() { v.Note("/") }, func() { v.Total() }) },
	"hits": func() {
		h := &hits{byPath: map[string]int{}}
		r := &http.Request{URL: &url.URL{Path: "/"}}
		both(func() { h.ServeHTTP(nil, r) }, func() { h.ServeHTTP(nil, r) })
	},
	"countPaths": func() {
		mux := http.NewServeMux()
		countPaths(mux)
		r := httptest.NewRequest("GET", "/", nil)
		both(func() { mux.ServeHTTP(nil, r.Clone(r.Context())) }, func() { mux.ServeHTTP(nil, r.Clone(r.Context())) })
	},
	"ServeHTTP": func() {
		v := &visits{count: map[string]int{}}
		r := &http.Request{URL: &url.URL{Path: "/"}}
		both(func() { v.ServeHTTP(nil, r) }, func() { v.Note("/") })
	},
	"registry": func() {
		r := &registry[string, int]{items: map[string]int{"a": 1}}
		both(func() { r.Put("b", 2) }, func() { r.Has("a") })
	},
	"tracker": func() {
		t := &tracker{conns: map[io.Closer]bool{}}
		for range 50 {
			t.Add(io.NopCloser(strings.NewReader(some[0])))
		}
		both(func() { t.Remove(nil) }, t.Close)
	},
	"saver": func() {
		s := &saver{state: map[string]string{}, out: make(chan map[string]string, 100), write: func(string, string) {}}
		go s.run()
		both(func() { s.Set("a", "b") }, func() { s.Set("b", "c") })
	},
	"perHost": func() {
		h := perHost(http.NotFoundHandler())
		serve := func() { h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)) }
		both(serve, serve)
	},
	"show": func() {
		p := &pages{rendered: map[string]string{}, render: strings.ToUpper}
		mux := http.NewServeMux()
		p.routes(mux.HandleFunc)
		show := func() { mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/a", nil)) }
		both(show, show)
	},
}

func newCache() *cache { return &cache{entries: map[string]int{}} }

// both runs the two at the same time.
func both(f, g func()) {
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(f)
		wg.Go(g)
	}
	wg.Wait()
}

var some = []string{"a", "b", "ccc", "dd", "e", "f", "g", "h"}

func feed() chan string {
	ch := make(chan string, 100)
	for range 4 {
		for _, s := range some {
			ch <- s
		}
	}
	close(ch)
	return ch
}
