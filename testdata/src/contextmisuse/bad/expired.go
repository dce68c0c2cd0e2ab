package bad

import (
	"context"
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

// shutdownWhenDone gives the server no time at all.
func shutdownWhenDone(ctx context.Context, srv *http.Server) error {
	<-ctx.Done()
	return srv.Shutdown(ctx) // want `srv.Shutdown gets a context that is done and gives up at once: ctx is done since line \d+; pass context.WithoutCancel\(ctx\) with a timeout of its own`
}

// closeInCase closes with the context that has just been canceled.
func closeInCase(ctx context.Context, c conn, in <-chan int) {
	for {
		select {
		case <-ctx.Done():
			_ = c.Close(ctx) // want `c.Close gets a context that is done and gives up at once: ctx is done since line \d+`
			return
		case <-in:
		}
	}
}

// timeoutOfDone derives a context with time from one that has none left.
func timeoutOfDone(ctx context.Context, srv *http.Server) error {
	<-ctx.Done()
	stop, cancel := context.WithTimeout(ctx, time.Second) // want `context.WithTimeout gets a context that is done and gives up at once`
	defer cancel()
	return srv.Shutdown(stop)
}

// closeAfterCancel cancels first.
func closeAfterCancel(parent context.Context, work func(context.Context)) error {
	ctx, cancel := context.WithCancel(parent)
	c, err := dial(ctx)
	if err != nil {
		cancel()
		return err
	}
	work(ctx)
	cancel()
	return c.Close(ctx) // want `c.Close gets a context that is done and gives up at once: ctx is canceled on line \d+; pass context.WithoutCancel\(ctx\) with a timeout of its own`
}

// deferredBeforeCancel is registered before the cancel, and so runs after it,
// with the variable as it is then.
func deferredBeforeCancel(ctx context.Context, c conn, work func(context.Context)) {
	defer func() {
		_ = c.Close(ctx) // want `c.Close gets a context that is done: the defer of cancel on line \d+ runs before this one; name the context of line \d+ otherwise`
	}()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	work(ctx)
}

// A leases keeps leases somewhere else.
type leases interface {
	Extend(ctx context.Context, key string) error
	Release(ctx context.Context, key string) error
}

// hold gives the lease back when the context is done, which fails then.
func hold(ctx context.Context, all leases, ticks <-chan time.Time) error {
	for {
		select {
		case <-ticks:
			if err := all.Extend(ctx, "a"); err != nil {
				return err
			}
		case <-ctx.Done():
			return all.Release(ctx, "a") // want `all.Release gets a context that is done and gives up at once: ctx is done since line \d+; pass context.WithoutCancel\(ctx\) with a timeout of its own`
		}
	}
}
