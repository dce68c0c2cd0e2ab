package bad

import "context"

func use(int) error { return nil }

func next(ctx context.Context) (int, bool) { return 0, ctx.Err() == nil }

// The consumer leaves when ctx is done; the producer, which has ctx too, then
// waits for it for ever.
func producerIgnoresContext(ctx context.Context) error {
	out := make(chan int)
	go func() {
		for range 2 {
			n, _ := next(ctx)
			out <- n // want `send on out blocks forever if <-ctx.Done\(\) is taken`
		}
	}()
	for {
		select {
		case n := <-out:
			if err := use(n); err != nil {
				panic(err)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// The feeder leaves when the context is done that it derived and handed to the
// worker, which waits for the next job for ever.
func workerIgnoresContext(parent context.Context, jobs []int) {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	in := make(chan int)
	go worker(ctx, in)
	for _, j := range jobs {
		select {
		case in <- j:
		case <-ctx.Done():
			return
		}
	}
	close(in)
}

func worker(ctx context.Context, in chan int) {
	n := <-in // want `receive from in blocks forever if <-ctx.Done\(\) is taken`
	if ctx.Err() == nil {
		_ = use(n)
	}
}
