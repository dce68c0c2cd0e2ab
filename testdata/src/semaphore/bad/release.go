package bad

import "context"

// deferTooSoon gives back what it has not got when Acquire fails.
func (p *pool) deferTooSoon(ctx context.Context, work func()) error {
	defer p.sem.Release(1) // want `the deferred p.sem.Release panics if p.sem.Acquire on line \d+ fails; defer it when the slot is there`
	if err := p.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	work()
	return nil
}

// ignoreError works without a slot, and gives it back.
func (p *pool) ignoreError(ctx context.Context, work func()) {
	p.sem.Acquire(ctx, 1) // want `p.sem.Acquire gets no slot when its context is done, and the Release on line \d+ then panics; look at the error`
	defer p.sem.Release(1)
	work()
}

// giveBackInEitherCase takes somebody else's slot away when ctx is done.
func (p *pool) giveBackInEitherCase(ctx context.Context, work func()) {
	select {
	case p.slots <- struct{}{}:
		work()
	case <-ctx.Done():
	}
	<-p.slots // want `<-p.slots gives back a slot that was not taken if the select on line \d+ goes by another case: it takes away another's or blocks forever`
}

// giveBackOverLimit goes on without a slot, and takes away somebody else's at the end.
func (p *pool) giveBackOverLimit(work func(), warn func(string)) {
	select {
	case p.slots <- struct{}{}:
	default:
		warn("over the limit")
	}
	defer func() { <-p.slots }() // want `<-p.slots gives back a slot that was not taken if the select on line \d+ goes by its default: it takes away another's or blocks forever`
	work()
}

// releaseFirst has the release in a function that runs when Acquire fails, too.
func (p *pool) releaseFirst(ctx context.Context, work, done func()) error {
	defer func() {
		p.sem.Release(1) // want `the deferred p.sem.Release panics if p.sem.Acquire on line \d+ fails; defer it when the slot is there`
		done()
	}()
	if err := p.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	work()
	return nil
}

// neverDoneByName has a parameter of the name, which can be done.
func (p *pool) neverDoneByName(ctx context.Context, jobs []func()) {
	for _, job := range jobs {
		p.sem.Acquire(ctx, 1) // want `p.sem.Acquire gets no slot when its context is done, and the Release on line \d+ then panics; look at the error`
		go func() {
			defer p.sem.Release(1)
			job()
		}()
	}
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

// write gives the turn of another back when ctx is done.
func (w *writer) write(ctx context.Context, out func()) {
	select {
	case w.turn <- struct{}{}:
		out()
	case <-ctx.Done():
	}
	w.done() // want `w.done\(\) gives back a slot that was not taken if the select on line \d+ goes by another case`
}
