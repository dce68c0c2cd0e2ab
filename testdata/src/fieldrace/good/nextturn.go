package good

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

// The goroutine is given the delay that holds when it is started.
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
	go g.deliver([]string{"batch"}, g.delay, out)
}

func (g *gathering) deliver(batch []string, delay time.Duration, out chan<- []string) {
	select {
	case out <- batch:
	case <-g.ctx.Done():
		return
	}
	select {
	case g.reset <- delay:
	case <-g.ctx.Done():
	}
}

func (g *gathering) configure(d time.Duration) {
	g.delay = d
}

func (g *gathering) Changed(d time.Duration) {
	select {
	case g.update <- d:
	case <-g.ctx.Done():
	}
}

type stepping struct {
	step  int
	steps chan int
	acks  chan int
}

// The goroutine of one turn is waited for in the next one, before that changes the step.
func (s *stepping) run(orders <-chan int) {
	for order := range orders {
		s.begin()
		if order > 0 {
			<-s.acks
			s.step = order
		}
	}
}

func (s *stepping) begin() {
	go s.advance()
}

func (s *stepping) advance() {
	n := <-s.steps
	s.acks <- n + s.step
}
