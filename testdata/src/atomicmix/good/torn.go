package good

import (
	"sync/atomic"
)

type gauge struct {
	value  atomic.Int64
	peak   atomic.Int64
	closed atomic.Bool
	busy   int32
	done   chan struct{}
}

// One step.
func (g *gauge) Add(n int64) {
	g.value.Add(n)
}

// The Store happens only if the value is still the loaded one.
func (g *gauge) Peak(n int64) {
	for {
		old := g.peak.Load()
		if n <= old || g.peak.CompareAndSwap(old, n) {
			return
		}
	}
}

// One caller closes the channel.
func (g *gauge) Close() {
	if g.closed.CompareAndSwap(false, true) {
		close(g.done)
	}
}

// One caller starts the work.
func (g *gauge) Start(work func()) {
	if !atomic.CompareAndSwapInt32(&g.busy, 0, 1) {
		return
	}
	go work()
}
