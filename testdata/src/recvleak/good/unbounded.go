package good

import (
	"context"
	"sync"
)

// A queue without a bound: a nil channel switches a case off while it is empty.
func unbounded() (chan<- int, <-chan int) {
	in, out := make(chan int), make(chan int)
	go func() {
		defer close(out)
		var queue []int
		source := in
		for source != nil || len(queue) > 0 {
			var sink chan int
			var head int
			if len(queue) > 0 {
				sink, head = out, queue[0]
			}
			select {
			case v, ok := <-source:
				if !ok {
					source = nil
					break
				}
				queue = append(queue, v)
			case sink <- head:
				queue = queue[1:]
			}
		}
	}()
	return in, out
}

func throughQueue(values []int) (sum int) {
	in, out := unbounded()
	for _, v := range values {
		in <- v
	}
	close(in)
	for range values {
		sum += <-out
	}
	<-out
	return sum
}

// loadAll gives back the slots that it has taken, whatever becomes of ctx.
func loadAll(ctx context.Context, names []string, load func(string)) {
	slots := make(chan struct{}, 4)
	var wg sync.WaitGroup
	wg.Add(len(names))
	for _, n := range names {
		go func() {
			defer wg.Done()
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return
			}
			defer func() { <-slots }()
			load(n)
		}()
	}
	wg.Wait()
}

// loadEach takes the slot before it starts the goroutine that gives it back.
func loadEach(ctx context.Context, names []string, load func(string)) {
	slots := make(chan struct{}, 4)
	for _, n := range names {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		go func() {
			defer func() { <-slots }()
			load(n)
		}()
	}
}
