package bad

import (
	"net/http"
	"sync"
)

// Runs are the scenarios that can be run. The ones of torn.go are no data races.
var Runs = map[string]func(){
	"Enabled": func() {
		c := new(console)
		both(func() { c.Enable(func(*http.Server) error { return http.ErrServerClosed }) }, func() { c.Enabled() })
	},
	"Hits":       func() { s := new(stats); both(s.Hit, func() { s.Hits() }) },
	"Reset":      func() { s := new(stats); both(s.Reset, func() { s.State() }) },
	"Running":    func() { both(func() { Start() }, func() { Running() }) },
	"countPlain": func() { countPlain(20) },
	"Host":       func() { r := &ring{hosts: []string{"a", "b"}}; both(func() { r.Host() }, func() { r.Host() }) },
}

// both runs the two at the same time.
func both(f, g func()) {
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(f)
		wg.Go(g)
	}
	wg.Wait()
}
