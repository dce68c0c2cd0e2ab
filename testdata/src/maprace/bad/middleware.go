package bad

import "net/http"

// perHost counts the requests of each host.
func perHost(next http.Handler) http.Handler {
	seen := make(map[string]int)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen[r.Host]++ // want `write to seen races with itself: requests are served at the same time`
		next.ServeHTTP(w, r)
	})
}

// pages keeps what was rendered.
type pages struct {
	rendered map[string]string
	render   func(string) string
}

func (p *pages) routes(handle func(string, func(http.ResponseWriter, *http.Request))) {
	handle("/", p.show)
}

func (p *pages) show(w http.ResponseWriter, r *http.Request) {
	page, ok := p.rendered[r.URL.Path]
	if !ok {
		page = p.render(r.URL.Path)
		p.rendered[r.URL.Path] = page // want `write to p.rendered races with itself: requests are served at the same time`
	}
	w.Write([]byte(page))
}
