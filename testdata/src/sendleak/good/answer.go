package good

import (
	"context"
	"time"
)

type question struct {
	n     int
	reply chan int
}

type oracle struct {
	asked chan question
	quit  chan struct{}
}

func newOracle() *oracle {
	o := &oracle{asked: make(chan question), quit: make(chan struct{})}
	go o.run()
	return o
}

func (o *oracle) run() {
	for {
		select {
		case q := <-o.asked:
			q.reply <- q.n * 2
		case <-o.quit:
			return
		}
	}
}

// There is room for the answer.
func (o *oracle) Ask(ctx context.Context, n int) (int, error) {
	q := question{n: n, reply: make(chan int, 1)}
	select {
	case o.asked <- q:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	select {
	case answer := <-q.reply:
		return answer, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Who asks waits for the answer, once the question is taken.
func (o *oracle) AskAndWait(ctx context.Context, n int) (int, error) {
	q := question{n: n, reply: make(chan int)}
	select {
	case o.asked <- q:
		return <-q.reply, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (o *oracle) Close() { close(o.quit) }

// An oracle that can be ended while it answers.
type patient struct {
	asked chan question
	quit  chan struct{}
}

func newPatient() *patient {
	p := &patient{asked: make(chan question), quit: make(chan struct{})}
	go p.run()
	return p
}

func (p *patient) run() {
	for {
		select {
		case q := <-p.asked:
			select {
			case q.reply <- q.n * 2:
			case <-p.quit:
				return
			}
		case <-p.quit:
			return
		}
	}
}

func (p *patient) Ask(n int) int {
	q := question{n: n, reply: make(chan int)}
	p.asked <- q
	select {
	case answer := <-q.reply:
		return answer
	case <-p.quit:
		return 0
	}
}

func (p *patient) Close() { close(p.quit) }

type clerk struct {
	forms chan func()
}

func newClerk() *clerk { return &clerk{forms: make(chan func())} }

func (c *clerk) Serve() {
	for f := range c.forms {
		f()
	}
}

func (c *clerk) Count(n func() int) int {
	answer := make(chan int, 1)
	c.forms <- func() { answer <- n() }
	select {
	case a := <-answer:
		return a
	case <-time.After(time.Second):
		return 0
	}
}
