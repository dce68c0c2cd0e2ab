package good

import (
	"net/http"
	"sync"
)

// perHost counts the requests of each host.
func perHost(next http.Handler) http.Handler {
	var mu sync.Mutex
	seen := make(map[string]int)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen[r.Host]++
		mu.Unlock()
		next.ServeHTTP(w, r)
	})
}

// pages keeps what was rendered.
type pages struct {
	mu       sync.Mutex
	rendered map[string]string
	render   func(string) string
}

func (p *pages) routes(handle func(string, func(http.ResponseWriter, *http.Request))) {
	handle("/", p.show)
}

func (p *pages) show(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	page, ok := p.rendered[r.URL.Path]
	if !ok {
		page = p.render(r.URL.Path)
		p.rendered[r.URL.Path] = page
	}
	w.Write([]byte(page))
}

// wrapped makes the inner handler for each request.
func wrapped(inner func(http.Handler, http.ResponseWriter, *http.Request)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tried := make(map[string]bool)
		inner(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			tried[r.URL.Path] = true
		}), w, r)
	})
}

// byHost only reads what was there before.
func byHost(hosts map[string]http.Handler) http.HandlerFunc {
	known := make(map[string]http.Handler)
	for k, v := range hosts {
		known["www."+k] = v
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if h, ok := known[r.Host]; ok {
			h.ServeHTTP(w, r)
		}
	}
}

// login waits for the one request that brings the code.
func login(listen func(http.Handler) error) (string, error) {
	var code string
	got := make(chan struct{})
	var once sync.Once
	go listen(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		code = r.FormValue("code")
		once.Do(func() { close(got) })
	}))
	<-got
	return code, nil
}
