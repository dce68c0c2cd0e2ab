package good

import "context"

func use(int) error { return nil }

func next(ctx context.Context) (int, bool) { return 0, ctx.Err() == nil }

func producerIgnoresContext(ctx context.Context) error {
	out := make(chan int)
	go func() {
		for range 2 {
			n, _ := next(ctx)
			select {
			case out <- n:
			case <-ctx.Done():
				return
			}
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
	select {
	case n := <-in:
		if ctx.Err() == nil {
			_ = use(n)
		}
	case <-ctx.Done():
	}
}
