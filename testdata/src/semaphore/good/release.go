package good

import "context"

func (p *pool) deferTooSoon(ctx context.Context, work func()) error {
	if err := p.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	defer p.sem.Release(1)
	work()
	return nil
}

func (p *pool) ignoreError(ctx context.Context, work func()) {
	if p.sem.Acquire(ctx, 1) != nil {
		return
	}
	defer p.sem.Release(1)
	work()
}

func (p *pool) giveBackInEitherCase(ctx context.Context, work func()) {
	select {
	case p.slots <- struct{}{}:
		work()
	case <-ctx.Done():
		return
	}
	<-p.slots
}

// rememberCase gives back only what it took.
func (p *pool) rememberCase(ctx context.Context, work func()) {
	taken := false
	select {
	case p.slots <- struct{}{}:
		taken = true
	case <-ctx.Done():
	}
	work()
	if taken {
		<-p.slots
	}
}

// detached cannot fail either.
func (p *pool) detached(ctx context.Context, work func()) {
	_ = p.sem.Acquire(context.WithoutCancel(ctx), 1)
	defer p.sem.Release(1)
	work()
}

// neverDone cannot fail.
func (p *pool) neverDone(work func()) {
	_ = p.sem.Acquire(context.Background(), 1)
	defer p.sem.Release(1)
	work()
}
