package bad

import (
	"context"
	"log"
	"time"
)

// produce closes the channel; from then on consume gets the zero item at once,
// for ever.
func produceAndConsume() {
	items := make(chan item)
	go func() {
		defer close(items)
		for i := range 10 {
			items <- item{i}
		}
	}()
	for {
		select {
		case it := <-items: // want `receive from items never blocks once it is closed \(line \d+\), so the loop spins`
			it.work()
		}
	}
}

type hub struct {
	events chan item
	quit   chan struct{}
}

func (h *hub) close() { close(h.events) }

// A loop without select is no better.
func (h *hub) run() {
	for {
		e := <-h.events // want `receive from h.events never blocks once it is closed`
		e.work()
	}
}

// The channel arrives as a parameter: each caller closes it.
func consumer(in <-chan item) {
	for {
		it := <-in // want `receive from in never blocks once it is closed`
		it.work()
	}
}

func startsConsumer(items []item) {
	in := make(chan item)
	go consumer(in)
	for _, it := range items {
		in <- it
	}
	close(in)
}

// The second value is looked at, and the loop goes on.
func ignoresClose(in <-chan item, quit <-chan struct{}) {
	for {
		select {
		case it, ok := <-in:
			if !ok { // want `the loop goes on and spins when in is closed`
				log.Print("in is closed")
				continue
			}
			it.work()
		case <-quit:
			return
		}
	}
}

// The timeout is a new one after each zero item, and so no way out.
func collects(in <-chan item, want int, timeout time.Duration) []item {
	var got []item
	for {
		select {
		case it, ok := <-in:
			if ok { // want `the loop goes on and spins when in is closed`
				got = append(got, it)
				if len(got) == want {
					return got
				}
			}
		case <-time.After(timeout):
			return nil
		}
	}
}

type conn struct{ replies chan item }

func (c *conn) close() { close(c.replies) }

// The drain of a closed channel does not come to its end.
func (c *conn) drain() {
	for {
		select {
		case <-c.replies: // want `receive from c.replies never blocks once it is closed`
		default:
			return
		}
	}
}

// The loop is to end when both are closed, and looks at one of them.
func joinBoth(ctx context.Context, left, right <-chan item) error {
	for left != nil || right != nil {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case it, ok := <-left:
			if !ok {
				left = nil
				continue
			}
			it.work()
		case it := <-right: // want `the loop goes on while right is not nil, and nothing sets it: once it is closed, this receive spins; look at the second value, and set it`
			it.work()
		}
	}
	return nil
}
