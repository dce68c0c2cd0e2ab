package good

import (
	"context"
	"log"
	"time"
)

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
		case it, ok := <-items:
			if !ok {
				return
			}
			it.work()
		}
	}
}

type hub struct {
	events chan item
	quit   chan struct{}
}

func (h *hub) close() { close(h.events) }

func (h *hub) run() {
	for e := range h.events {
		e.work()
	}
}

// One caller does not close its channel: it may be the one that matters.
func consumer(in <-chan item) {
	for {
		it := <-in
		it.work()
	}
}

func startsConsumer(items []item) {
	in := make(chan item)
	go consumer(in)
	for _, it := range items {
		in <- it
	}
}

func ignoresClose(in <-chan item, quit <-chan struct{}) {
	for {
		select {
		case it, ok := <-in:
			if !ok {
				log.Print("in is closed")
				return
			}
			it.work()
		case <-quit:
			return
		}
	}
}

func collects(in <-chan item, want int, timeout time.Duration) []item {
	var got []item
	for {
		select {
		case it, ok := <-in:
			if ok {
				got = append(got, it)
				if len(got) == want {
					return got
				}
			} else {
				in = nil
			}
		case <-time.After(timeout):
			return nil
		}
	}
}

type conn struct{ replies chan item }

func (c *conn) close() { close(c.replies) }

func (c *conn) drain() {
	for {
		select {
		case _, ok := <-c.replies:
			if !ok {
				return
			}
		default:
			return
		}
	}
}

// The loop ends by its input; nobody says that the results are closed before.
func looksInPassing(in <-chan item, results <-chan error) {
	for {
		select {
		case it, ok := <-in:
			if !ok {
				return
			}
			it.work()
		case err, ok := <-results:
			if ok {
				log.Print(err)
			}
		}
	}
}

// Who closes the items also ends the loop.
func closedTogether(n int) {
	items, quit := make(chan item), make(chan struct{})
	go func() {
		for i := range n {
			items <- item{i}
		}
		close(quit)
		close(items)
	}()
	for {
		select {
		case it := <-items:
			it.work()
		case <-quit:
			return
		}
	}
}

// The zero value is told from the others.
func zeroEnds() {
	items := make(chan *item)
	go func() {
		items <- new(item)
		close(items)
	}()
	for {
		it := <-items
		if it == nil {
			return
		}
		it.work()
	}
}

// The call makes the other case ready.
func asksOtherToEnd(in <-chan item, quit chan struct{}) {
	for {
		select {
		case it, ok := <-in:
			if ok {
				it.work()
			} else {
				close(quit)
			}
		case <-quit:
			return
		}
	}
}

type feed struct{ in chan item }

func (f *feed) reopen() { f.in = make(chan item) }

// The field is set again by what the branch calls.
func (f *feed) reopens() {
	for {
		select {
		case it, ok := <-f.in:
			if !ok {
				f.reopen()
				continue
			}
			it.work()
		}
	}
}

// The loop is to end when both are closed, and looks at both.
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
		case it, ok := <-right:
			if !ok {
				right = nil
				continue
			}
			it.work()
		}
	}
	return nil
}
