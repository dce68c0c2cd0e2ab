package bad

import (
	"sync"
	"time"
)

// Each gauge has a goroutine of its own.
type Gauge struct {
	mu     sync.Mutex
	n      int
	ticker *time.Ticker
}

func NewGauge() *Gauge {
	g := &Gauge{ticker: time.NewTicker(time.Second)}
	go g.tick()
	return g
}

func (g *Gauge) tick() {
	for {
		select {
		case <-g.ticker.C: // want `the goroutine that waits here goes on for ever, also after Stop: nothing can tell it to end`
			work(0)
		}
	}
}

func (g *Gauge) Stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.n = 0
}
