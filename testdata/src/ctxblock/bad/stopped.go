package bad

import "context"

// A lockKeeper holds a lock of the cluster and hands it to who asks, until its context ends.
type lockKeeper struct {
	held chan context.Context
}

func newLockKeeper(ctx context.Context, acquire func(context.Context) context.Context) *lockKeeper {
	k := &lockKeeper{held: make(chan context.Context)}
	go k.keep(ctx, acquire)
	return k
}

func (k *lockKeeper) keep(ctx context.Context, acquire func(context.Context) context.Context) {
	lock := acquire(ctx)
	for {
		select {
		case k.held <- lock:
		case <-lock.Done():
			lock = acquire(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// Get waits for ever when keep has ended, also if its own context is done.
func (k *lockKeeper) Get(ctx context.Context) context.Context {
	lock := <-k.held // want `^receive from k.held blocks forever once lockKeeper.keep has taken <-ctx.Done\(\) on line \d+; select on that here too$`
	if ctx.Err() != nil {
		return nil
	}
	return lock
}
