package good

import (
	"sync"
	"time"
)

// One goroutine of the process ticks all gauges; a gauge that is stopped is left out.
type arbiter struct {
	mu      sync.Mutex
	started bool
	ticker  *time.Ticker
	gauges  map[*Gauge]bool
}

var gaugeArbiter = arbiter{ticker: time.NewTicker(time.Second), gauges: make(map[*Gauge]bool)}

func (a *arbiter) tick() {
	for {
		select {
		case <-a.ticker.C:
			work(0)
		}
	}
}

type Gauge struct{ n int }

func NewGauge() *Gauge {
	g := &Gauge{}
	gaugeArbiter.mu.Lock()
	defer gaugeArbiter.mu.Unlock()
	gaugeArbiter.gauges[g] = true
	if !gaugeArbiter.started {
		gaugeArbiter.started = true
		go gaugeArbiter.tick()
	}
	return g
}

func (g *Gauge) Stop() {
	gaugeArbiter.mu.Lock()
	defer gaugeArbiter.mu.Unlock()
	delete(gaugeArbiter.gauges, g)
}
