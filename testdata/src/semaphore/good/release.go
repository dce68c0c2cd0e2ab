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

func (p *pool) giveBackOverLimit(work func(), warn func(string)) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	default:
		warn("over the limit")
	}
	work()
}

// waitForIt takes the slot after the warning.
func (p *pool) waitForIt(work func(), warn func(string)) {
	select {
	case p.slots <- struct{}{}:
	default:
		warn("over the limit")
		p.slots <- struct{}{}
	}
	defer func() { <-p.slots }()
	work()
}

// giveUp does not go on without it.
func (p *pool) giveUp(work func()) bool {
	select {
	case p.slots <- struct{}{}:
	default:
		return false
	}
	defer func() { <-p.slots }()
	work()
	return true
}

// releaseFirst asks whether there is one.
func (p *pool) releaseFirst(ctx context.Context, work, done func()) error {
	held := false
	defer func() {
		if held {
			p.sem.Release(1)
		}
		done()
	}()
	if err := p.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	held = true
	work()
	return nil
}

// releaseUnlessFailed leaves by a flag, too.
func (p *pool) releaseUnlessFailed(ctx context.Context, work func()) {
	failed := p.sem.Acquire(ctx, 1) != nil
	defer func() {
		if !failed {
			p.sem.Release(1)
		}
	}()
	work()
}

// neverDoneByName cannot fail: the context is one of its own.
func (p *pool) neverDoneByName(jobs []func()) {
	ctx := context.Background()
	ctx = context.WithValue(ctx, forGood, len(jobs))
	for _, job := range jobs {
		p.sem.Acquire(ctx, 1)
		go func() {
			defer p.sem.Release(1)
			job()
		}()
	}
}

var forGood = context.Background()

func (p *pool) neverDoneAtAll(work func()) {
	_ = p.sem.Acquire(forGood, 1)
	defer p.sem.Release(1)
	work()
}

// A writer has its turn given back by a method.
type writer struct {
	turn   chan struct{}
	joined chan []byte
	merged chan bool
}

func newWriter() *writer {
	return &writer{turn: make(chan struct{}, 1), joined: make(chan []byte), merged: make(chan bool)}
}

func (w *writer) done() { <-w.turn }

func (w *writer) write(ctx context.Context, out func()) {
	select {
	case w.turn <- struct{}{}:
		out()
	case <-ctx.Done():
		return
	}
	w.done()
}

// join leaves its data to who has the turn, or is given the turn.
func (w *writer) join(data []byte, out func()) {
	select {
	case w.turn <- struct{}{}:
	case w.joined <- data:
		if <-w.merged {
			return
		}
	}
	out()
	w.done()
}
