package bad

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// An admin shows its state.
type admin struct {
	mu    sync.Mutex
	srv   *http.Server
	state string
}

func newAdmin() *admin {
	a := &admin{}
	mux := http.NewServeMux()
	mux.HandleFunc("/state", a.show)
	a.srv = &http.Server{Handler: mux}
	return a
}

func (a *admin) show(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	fmt.Fprintln(w, a.state)
}

// shutUnderLock waits for a request that waits for the lock.
func (a *admin) shutUnderLock() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.state = "down"
	return a.srv.Shutdown(context.Background()) // want `a.srv.Shutdown blocks forever if a handler \(line \d+\) is at its Lock \(line \d+\): a.mu is held since line \d+; unlock it before`
}

// shutInTime waits for the whole second, and in vain.
func (a *admin) shutInTime() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.srv.Shutdown(ctx) // want `a.srv.Shutdown waits until its context is done if a handler \(line \d+\) is at its Lock \(line \d+\): a.mu is held since line \d+; unlock it before`
}

// A diagnostic hands its requests on.
type diagnostic struct {
	mu     sync.RWMutex
	srv    *http.Server
	mux    *http.ServeMux
	routes map[string]http.Handler
}

func (d *diagnostic) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.mux.ServeHTTP(w, r) }

func (d *diagnostic) handle(path string, h http.Handler) {
	d.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		d.mu.RLock()
		h := d.routes[path]
		d.mu.RUnlock()
		h.ServeHTTP(w, r)
	})
}

func (d *diagnostic) enable() {
	d.mu.Lock()
	defer d.mu.Unlock()
	srv := &http.Server{Handler: d}
	d.srv = srv
	go func() {
		if err := srv.ListenAndServe(); err != nil {
			fmt.Println(err)
		}
	}()
}

// disable waits for a request in a function of its own.
func (d *diagnostic) disable() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.srv != nil {
		d.stop() // want `the d.srv.Shutdown \(line \d+\) in this call blocks forever if a handler \(line \d+\) is at its Lock \(line \d+\): d.mu is held; unlock it before`
		d.srv = nil
	}
}

func (d *diagnostic) stop() { _ = d.srv.Shutdown(context.Background()) }

var (
	hitsMu sync.Mutex
	hits   int
)

// countHits waits for a handler that counts.
func countHits(run func()) int {
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hitsMu.Lock()
		hits++
		hitsMu.Unlock()
	})}
	go srv.ListenAndServe()
	run()
	hitsMu.Lock()
	defer hitsMu.Unlock()
	srv.Shutdown(context.Background()) // want `srv.Shutdown blocks forever if a handler \(line \d+\) is at its Lock \(line \d+\): hitsMu is held since line \d+; unlock it before`
	return hits
}
