package good

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

// shutUnderLock lets the handlers have the lock.
func (a *admin) shutUnderLock() error {
	a.mu.Lock()
	a.state = "down"
	a.mu.Unlock()
	return a.srv.Shutdown(context.Background())
}

// shutInTime lets the handlers have the lock.
func (a *admin) shutInTime() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	a.mu.Lock()
	srv := a.srv
	a.srv = nil
	a.mu.Unlock()
	return srv.Shutdown(ctx)
}

// closeUnderLock does not wait for handlers.
func (a *admin) closeUnderLock() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.srv.Close()
}

// shutOther has the lock of one, and waits for the handlers of another.
func (a *admin) shutOther(b *admin) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return b.srv.Shutdown(context.Background())
}

// A diagnostic hands its requests on.
type diagnostic struct {
	mu     sync.RWMutex
	stopMu sync.Mutex
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

// disable has a lock that no handler takes.
func (d *diagnostic) disable() {
	d.stopMu.Lock()
	defer d.stopMu.Unlock()
	if d.srv != nil {
		d.stop()
		d.srv = nil
	}
}

func (d *diagnostic) stop() { _ = d.srv.Shutdown(context.Background()) }

// readWhileRead holds the lock as a reader, as the handlers do.
func (d *diagnostic) readWhileRead() {
	d.mu.RLock()
	defer d.mu.RUnlock()
	d.stop()
}

var (
	hitsMu sync.Mutex
	hits   int
)

// countHits looks at the number when all have been counted.
func countHits(run func()) int {
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hitsMu.Lock()
		hits++
		hitsMu.Unlock()
	})}
	go srv.ListenAndServe()
	run()
	srv.Shutdown(context.Background())
	hitsMu.Lock()
	defer hitsMu.Unlock()
	return hits
}

// shutBare has a server whose handlers take another lock.
func shutBare(run func(), h http.Handler) {
	srv := &http.Server{Handler: h}
	go srv.ListenAndServe()
	run()
	hitsMu.Lock()
	defer hitsMu.Unlock()
	srv.Shutdown(context.Background())
}
