package good

import (
	"context"
	"sync"
)

// What is waited for is told by whom the Cond is given to.
type told struct {
	mu     sync.Mutex
	cond   *sync.Cond
	paused bool
}

func newTold(ctx context.Context, watch func(*sync.Cond)) *told {
	t := &told{paused: true}
	t.cond = sync.NewCond(&t.mu)
	watch(t.cond)
	return t
}

func (t *told) wait() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.paused {
		t.cond.Wait()
	}
}

func (t *told) resume() {
	t.mu.Lock()
	t.paused = false
	t.mu.Unlock()
}

// The context wakes.
type wokenByContext struct {
	mu    sync.Mutex
	cond  sync.Cond
	ready bool
}

func (b *wokenByContext) wait(ctx context.Context) error {
	b.cond.L = &b.mu
	stop := context.AfterFunc(ctx, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.cond.Broadcast()
	})
	defer stop()
	b.mu.Lock()
	defer b.mu.Unlock()
	for !b.ready {
		if err := ctx.Err(); err != nil {
			return err
		}
		b.cond.Wait()
	}
	return nil
}
