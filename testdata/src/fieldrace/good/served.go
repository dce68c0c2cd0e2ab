package good

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

// speedometer keeps the rates of the last intervals, the newest one first.
type speedometer struct {
	count func() int
	mu    sync.Mutex
	rates []int
}

func newSpeedometer(n int, count func() int) *speedometer {
	m := &speedometer{count: count, rates: make([]int, n)}
	go m.run()
	return m
}

func (m *speedometer) run() {
	for range time.Tick(time.Second) {
		m.mu.Lock()
		copy(m.rates[1:], m.rates)
		m.rates[0] = m.count()
		m.mu.Unlock()
	}
}

func (m *speedometer) sum() (total int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.rates {
		total += m.rates[i]
	}
	return total
}

func serveSpeed(count func() int) http.Handler {
	m := newSpeedometer(60, count)
	mux := http.NewServeMux()
	mux.HandleFunc("/rate", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, m.sum())
	})
	return mux
}

// banner is read by requests that come when it is there: the mux is only made then.
type banner struct {
	text  string
	ready chan struct{}
}

func newBanner(load func() string) *banner {
	b := &banner{ready: make(chan struct{})}
	go func() {
		b.text = load()
		close(b.ready)
	}()
	return b
}

func (b *banner) get() string { return b.text }

func serveBanner(load func() string) http.Handler {
	b := newBanner(load)
	<-b.ready
	mux := http.NewServeMux()
	mux.HandleFunc("/banner", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, b.get())
	})
	return mux
}
