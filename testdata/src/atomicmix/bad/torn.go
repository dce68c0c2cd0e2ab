package bad

import (
	"net/http"
	"sync/atomic"
)

type gauge struct {
	value  atomic.Int64
	peak   atomic.Int64
	closed atomic.Bool
	busy   int32
	done   chan struct{}
}

// What others add between the Load and the Store is lost.
func (g *gauge) Add(n int64) {
	g.value.Store(g.value.Load() + n) // want `a write of g.value between the Load on this line and this Store is lost; use Add or CompareAndSwap`
}

// The smaller of two peaks can be the one that stays.
func (g *gauge) Peak(n int64) {
	if n > g.peak.Load() {
		g.peak.Store(n) // want `another goroutine can write g.peak between the Load on line \d+ and this Store, which undoes that; use CompareAndSwap in a loop`
	}
}

// Two callers can close the channel.
func (g *gauge) Close() {
	if !g.closed.Load() {
		g.closed.Store(true) // want `two goroutines can pass the Load of g.closed on line \d+ before this Store, and both close g.done; use CompareAndSwap`
		close(g.done)
	}
}

// Two callers can start the work.
func (g *gauge) Start(work func()) {
	if atomic.LoadInt32(&g.busy) == 1 {
		return
	}
	atomic.StoreInt32(&g.busy, 1) // want `two goroutines can pass the Load of g.busy on line \d+ before this Store, and both start the goroutine`
	go work()
}

// A Budget is spent by requests.
type Budget struct{ left atomic.Int64 }

func (b *Budget) spend() bool {
	n := b.left.Load()
	if n <= 0 {
		return false
	}
	b.left.Store(n - 1) // want `a write of b.left between the Load on line \d+ and this Store is lost; use Add or CompareAndSwap`
	return true
}

// Limit lets requests through as long as there is something left.
func (b *Budget) Limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if b.spend() {
			next.ServeHTTP(w, r)
		}
	})
}
