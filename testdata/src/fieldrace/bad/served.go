package bad

import (
	"fmt"
	"net/http"
	"time"
)

// speedometer keeps the rates of the last intervals, the newest one first.
type speedometer struct {
	count func() int
	rates []int
}

func newSpeedometer(n int, count func() int) *speedometer {
	m := &speedometer{count: count, rates: make([]int, n)}
	go m.run()
	return m
}

func (m *speedometer) run() {
	for range time.Tick(time.Second) {
		copy(m.rates[1:], m.rates)
		m.rates[0] = m.count()
	}
}

// sum is asked for by requests, which come at any time.
func (m *speedometer) sum() (total int) {
	for i := range m.rates {
		total += m.rates[i] // want `read of m.rates races with the write on line 23: nothing orders it with the goroutine of line 17; guard both by a mutex`
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
