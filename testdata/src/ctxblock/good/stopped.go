package good

import (
	"context"
	"sync/atomic"
)

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

func (k *lockKeeper) Get(ctx context.Context) context.Context {
	select {
	case lock := <-k.held:
		return lock
	case <-ctx.Done():
		return nil
	}
}

// A queue takes jobs as long as its owner, who calls Push, keeps it running: a method
// without a context is called while the queue runs, that is its contract.
type queue struct {
	jobs chan int
}

func newQueue(ctx context.Context) *queue {
	q := &queue{jobs: make(chan int)}
	go q.run(ctx)
	return q
}

func (q *queue) Push(job int) { q.jobs <- job }

func (q *queue) run(ctx context.Context) {
	for {
		select {
		case <-q.jobs:
		case <-ctx.Done():
			return
		}
	}
}

// An entry hands the error of its listener on, but not when it has been closed: then nobody
// asks for it any more.
type entry struct {
	over   atomic.Bool
	listen func() error
	errs   chan error
	done   chan struct{}
}

func newEntry(listen func() error) *entry {
	return &entry{listen: listen, errs: make(chan error), done: make(chan struct{})}
}

func (e *entry) Start(ctx context.Context) {
	for {
		err := e.listen()
		if err != nil && e.over.Load() {
			return
		}
		if err != nil {
			e.errs <- err
			return
		}
	}
}

func (e *entry) Accept() error {
	select {
	case err := <-e.errs:
		return err
	case <-e.done:
		return nil
	}
}

func (e *entry) Close() {
	e.over.Store(true)
	close(e.done)
}
