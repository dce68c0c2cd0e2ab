package bad

import "context"

type question struct {
	n     int
	reply chan int
}

// oracle answers one question after the other.
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
			q.reply <- q.n * 2 // want `send on q.reply blocks forever if <-ctx.Done\(\) is taken on line 44; make q.reply with capacity 1`
		case <-o.quit:
			return
		}
	}
}

// Who does not wait for the answer leaves the oracle with it, and nobody is answered any more.
func (o *oracle) Ask(ctx context.Context, n int) (int, error) {
	q := question{n: n, reply: make(chan int)}
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

func (o *oracle) Close() { close(o.quit) }
