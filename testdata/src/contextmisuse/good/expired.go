package good

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

type conn struct{}

func (conn) Close(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	default:
		return nil
	}
}
func dial(ctx context.Context) (conn, error) { return conn{}, ctx.Err() }

func shutdownWhenDone(ctx context.Context, srv *http.Server) error {
	<-ctx.Done()
	return srv.Shutdown(context.WithoutCancel(ctx))
}

func closeInCase(ctx context.Context, c conn, in <-chan int) {
	for {
		select {
		case <-ctx.Done():
			_ = c.Close(context.WithoutCancel(ctx))
			return
		case <-in:
			_ = c.Close(ctx)
		}
	}
}

func timeoutOfDone(ctx context.Context, srv *http.Server) error {
	<-ctx.Done()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	return srv.Shutdown(stop)
}

func closeAfterCancel(parent context.Context, work func(context.Context)) error {
	ctx, cancel := context.WithCancel(parent)
	c, err := dial(ctx)
	if err != nil {
		cancel()
		return err
	}
	work(ctx)
	err = c.Close(ctx)
	cancel()
	return err
}

func deferredBeforeCancel(ctx context.Context, c conn, work func(context.Context)) {
	defer func() {
		_ = c.Close(ctx)
	}()
	tctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	work(tctx)
}

// sayWhy words an error with the context.
func sayWhy(ctx context.Context, in <-chan int) error {
	select {
	case <-ctx.Done():
		return fmt.Errorf("canceled: %w", errors.Join(ctx.Err(), context.Cause(ctx)))
	case <-in:
		return nil
	}
}

// freshEachTurn derives another one in each turn.
func freshEachTurn(parent context.Context, n int) error {
	for range n {
		ctx, cancel := context.WithTimeout(parent, time.Second)
		c, err := dial(ctx)
		cancel()
		if err != nil {
			continue
		}
		_ = c.Close(parent)
	}
	return nil
}

// detachFirst gives the variable another value.
func detachFirst(ctx context.Context, c conn) error {
	<-ctx.Done()
	ctx = context.Background()
	return c.Close(ctx)
}

// askedAgain leaves the second loop as well, before it uses the context.
func askedAgain(ctx context.Context, first, second []conn) error {
loop:
	for range first {
		select {
		case <-ctx.Done():
			break loop
		default:
		}
	}
	for _, c := range second {
		select {
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
		if err := c.Close(ctx); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	_, err := dial(ctx)
	return err
}

// askedInNextTurn comes to the same select again, where the context is done.
func askedInNextTurn(ctx context.Context, c conn, changed <-chan struct{}) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
		if err := c.Close(ctx); err != nil {
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

// defineLater makes a function that uses the context and does not call it.
func defineLater(ctx context.Context, c conn, ticks <-chan time.Time, keep func(func() error)) {
	for range 10 {
		work := func() error { return c.Close(ctx) }
		select {
		case <-ctx.Done():
		case <-ticks:
		}
		keep(work)
	}
}

// fataler is what a helper wants of a test.
type fataler interface{ Fatalf(string, ...any) }

// endsTheTest does not go on when the context is done.
func endsTheTest(ctx context.Context, t fataler, c conn) error {
	select {
	case <-ctx.Done():
		t.Fatalf("too slow: %v", ctx.Err())
	default:
	}
	return c.Close(ctx)
}

// cancelToLeave cancels what another turn of the loop waits for.
func cancelToLeave(parent context.Context, c conn, last <-chan bool, events <-chan int) {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	for {
		select {
		case <-last:
			cancel()
		case <-time.After(time.Second):
			_ = c.Close(ctx)
		case _, ok := <-events:
			if !ok {
				return
			}
		}
	}
}

// doneError only words what has happened.
func doneError(ctx context.Context) error { return &timeout{ctx.Err()} }

type timeout struct{ err error }

func (t *timeout) Error() string { return "done: " + t.err.Error() }

func wordedWhenDone(ctx context.Context, in <-chan int) (int, error) {
	select {
	case <-ctx.Done():
		return 0, doneError(ctx)
	case n := <-in:
		return n, nil
	}
}

// What is given up goes by the error, and does not get to the call.
func checkedWhenDone(ctx context.Context, c conn, in <-chan error) error {
	var err error
	select {
	case <-ctx.Done():
		err = ctx.Err()
	case err = <-in:
	}
	if err != nil {
		return err
	}
	return c.Close(ctx)
}

// A leases keeps leases somewhere else.
type leases interface {
	Extend(ctx context.Context, key string) error
	Release(ctx context.Context, key string) error
}

// hold gives the lease back when the context is done.
func hold(ctx context.Context, all leases, ticks <-chan time.Time) error {
	for {
		select {
		case <-ticks:
			if err := all.Extend(ctx, "a"); err != nil {
				return err
			}
		case <-ctx.Done():
			return giveBack(ctx, all)
		}
	}
}

func giveBack(ctx context.Context, all leases) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	return all.Release(ctx, "a")
}

// whoAmI takes a value from the context.
func whoAmI(ctx context.Context, name func(context.Context) string) string {
	<-ctx.Done()
	return name(ctx)
}
