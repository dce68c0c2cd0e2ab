package good

import (
	"context"
	"time"
)

func retry(ctx context.Context, n int, try func(context.Context) error) (err error) {
	var cancel context.CancelFunc
	for range n {
		var once context.Context
		once, cancel = context.WithTimeout(ctx, time.Second)
		err = try(once)
		cancel()
		if err == nil {
			return nil
		}
	}
	return err
}

func restart(parent context.Context, changes <-chan string, run func(context.Context, string)) {
	var ctx context.Context
	var cancel context.CancelFunc
	for name := range changes {
		if cancel != nil {
			cancel()
		}
		ctx, cancel = context.WithCancel(parent)
		go run(ctx, name)
	}
}

func turns(ctx context.Context, jobs []func(context.Context)) {
	for _, job := range jobs {
		func() {
			ctx, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			job(ctx)
		}()
	}
}

func steps(parent context.Context, first, second func(context.Context)) {
	ctx, cancel := context.WithTimeout(parent, time.Second)
	first(ctx)
	cancel()
	ctx, cancel = context.WithTimeout(parent, time.Second)
	defer cancel()
	second(ctx)
}

// The variable gets the parent back.
func givenBack(ctx context.Context, n int, try func(context.Context) error) (err error) {
	parent := ctx
	for range n {
		ctx = parent
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Second)
		err = try(ctx)
		cancel()
	}
	return err
}

// The turn that cancels is the last one.
func untilFailure(ctx context.Context, jobs []func(context.Context) error) error {
	var cancel context.CancelFunc
	for _, job := range jobs {
		ctx, cancel = context.WithCancel(ctx)
		if err := job(ctx); err != nil {
			cancel()
			return err
		}
		defer cancel()
	}
	return nil
}

// Another cancel function than that of the variable.
func nested(ctx context.Context, jobs []func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for _, job := range jobs {
		one, cancel := context.WithCancel(ctx)
		err := job(one)
		cancel()
		if err != nil {
			return err
		}
	}
	ctx, stop2 := context.WithTimeout(ctx, time.Second)
	defer stop2()
	return jobs[0](ctx)
}

// The literal is called once.
func once(ctx context.Context, job func(context.Context)) {
	func() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Second)
		defer cancel()
		job(ctx)
	}()
}
