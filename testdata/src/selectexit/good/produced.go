package good

import (
	"bufio"
	"context"
	"io"
	"time"
)

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

func merge(ctx context.Context, a, b io.Reader, emit func(string)) {
	first, second := lines(ctx, a), lines(ctx, b)
	for first != nil || second != nil {
		select {
		case l, ok := <-first:
			if !ok {
				first = nil
				continue
			}
			emit(l)
		case l, ok := <-second:
			if !ok {
				second = nil
				continue
			}
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

func workAll(items []item) {
	for it := range sendAll(items) {
		it.work()
	}
}

// The count ends the loop.
func workSome(items []item) {
	in := sendAll(items)
	for n := 0; ; n++ {
		if n == len(items) {
			return
		}
		it := <-in
		it.work()
	}
}

// Another case ends the loop, by what the emit does.
func untilTold(ctx context.Context, r io.Reader, told <-chan bool, emit func(string)) {
	in := lines(ctx, r)
	for {
		select {
		case l := <-in:
			emit(l)
		case <-told:
			return
		}
	}
}

// The context is the function's own, and what it calls can cancel it.
func untilEmpty(parent context.Context, r io.Reader, emit func(string, func())) {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	in := lines(ctx, r)
	for {
		select {
		case l := <-in:
			emit(l, cancel)
		case <-ctx.Done():
			return
		}
	}
}

// The ticks come until the context is done, by which the loop ends too.
func ticks(ctx context.Context) <-chan time.Time {
	out := make(chan time.Time)
	go func() {
		defer close(out)
		for {
			select {
			case now := <-time.After(time.Second):
				out <- now
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func onTick(ctx context.Context, work func(time.Time)) {
	tick := ticks(ctx)
	for {
		select {
		case now := <-tick:
			work(now)
		case <-ctx.Done():
			return
		}
	}
}

// The empty line ends the loop.
func untilEmptyLine(ctx context.Context, r io.Reader, emit func(string)) {
	in := lines(ctx, r)
	for {
		select {
		case l := <-in:
			if l == "" {
				return
			}
			emit(l)
		case <-ctx.Done():
			return
		}
	}
}

// Without a reader nothing is sent, and nothing closed.
func optional(r io.Reader) <-chan string {
	out := make(chan string)
	if r == nil {
		return out
	}
	go func() {
		defer close(out)
		s := bufio.NewScanner(r)
		for s.Scan() {
			out <- s.Text()
		}
	}()
	return out
}

func fromOptional(emit func(string)) {
	in := optional(nil)
	for {
		emit(<-in)
	}
}
