package bad

import (
	"bufio"
	"context"
	"io"
)

// lines yields the lines, and then closes the channel.
func lines(ctx context.Context, r io.Reader) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		s := bufio.NewScanner(r)
		for s.Scan() {
			select {
			case out <- s.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// After the last line of one reader it emits empty ones, until the context is done.
func merge(ctx context.Context, a, b io.Reader, emit func(string)) {
	first, second := lines(ctx, a), lines(ctx, b)
	for {
		select {
		case l := <-first: // want `receive from first never blocks once it is closed \(line \d+\), so the loop spins; leave it, or set first to nil`
			emit(l)
		case l := <-second: // want `receive from second never blocks once it is closed`
			emit(l)
		case <-ctx.Done():
			return
		}
	}
}

func send(items []item, to chan<- item) {
	defer close(to)
	for _, it := range items {
		to <- it
	}
}

func sendAll(items []item) <-chan item {
	to := make(chan item, 1)
	go send(items, to)
	return to
}

// Without a select it is the same.
func workAll(items []item) {
	in := sendAll(items)
	for {
		it := <-in // want `receive from in never blocks once it is closed`
		it.work()
	}
}
