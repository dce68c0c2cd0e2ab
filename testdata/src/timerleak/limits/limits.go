//go:build go1.21

// Package limits holds what is known to be missed.
package limits

import "time"

// closureStops might be called, so the ticker counts as stopped.
func closureStops(ready func() bool) {
	ticker := time.NewTicker(time.Second)
	stop := func() { ticker.Stop() }
	if !ready() {
		return
	}
	stop()
}

// A keeper has a ticker in a field that nobody stops: its owner may live as
// long as the process.
type keeper struct{ ticker *time.Ticker }

func newKeeper() *keeper { return &keeper{time.NewTicker(time.Second)} }

// variableDuration may be short, and the other case be taken rarely.
func variableDuration(in <-chan int, d time.Duration) {
	for {
		select {
		case <-in:
		case <-time.After(d):
			return
		}
	}
}
