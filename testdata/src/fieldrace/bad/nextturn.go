package bad

import (
	"context"
	"time"
)

type gathering struct {
	ctx    context.Context
	delay  time.Duration
	timer  *time.Timer
	reset  chan time.Duration
	update chan time.Duration
}

func startGathering(ctx context.Context, delay time.Duration, out chan<- []string) *gathering {
	g := &gathering{ctx: ctx, reset: make(chan time.Duration), update: make(chan time.Duration)}
	g.configure(delay)
	go g.loop(out)
	return g
}

// One turn starts a goroutine that uses the delay when it has delivered; another turn of the
// loop sets the delay in the meantime.
func (g *gathering) loop(out chan<- []string) {
	g.timer = time.NewTimer(g.delay)
	defer g.timer.Stop()
	for {
		select {
		case <-g.timer.C:
			g.flush(out)
		case d := <-g.reset:
			g.timer.Reset(d)
		case d := <-g.update:
			g.configure(d)
		case <-g.ctx.Done():
			return
		}
	}
}

func (g *gathering) flush(out chan<- []string) {
	go g.deliver([]string{"batch"}, out)
}

func (g *gathering) deliver(batch []string, out chan<- []string) {
	select {
	case out <- batch:
	case <-g.ctx.Done():
		return
	}
	select {
	case g.reset <- g.delay:
	case <-g.ctx.Done():
	}
}

func (g *gathering) configure(d time.Duration) {
	g.delay = d // want `write of g.delay races with the read on line 53: nothing on the way there waits for the goroutine of line 43`
}

func (g *gathering) Changed(d time.Duration) {
	select {
	case g.update <- d:
	case <-g.ctx.Done():
	}
}
