package good

import "context"

// A lessor lends one lease after the other until its context ends.
type lessor struct {
	ctx    context.Context
	leases chan int
}

func newLessor(ctx context.Context) *lessor {
	l := &lessor{ctx: ctx, leases: make(chan int)}
	go l.lend(ctx)
	return l
}

func (l *lessor) lend(ctx context.Context) {
	for n := 0; ; n++ {
		select {
		case l.leases <- n:
		case <-ctx.Done():
			return
		}
	}
}

func (l *lessor) Use(f func(lease int)) {
	go l.use(f)
}

func (l *lessor) use(f func(lease int)) {
	select {
	case n := <-l.leases:
		f(n)
	case <-l.ctx.Done():
	}
}

// A dealer closes what it deals from when it ends, so nobody waits for more.
type dealer struct {
	cards chan int
}

func newDealer(ctx context.Context) *dealer {
	d := &dealer{cards: make(chan int)}
	go d.deal(ctx)
	return d
}

func (d *dealer) deal(ctx context.Context) {
	defer close(d.cards)
	for n := 0; ; n++ {
		select {
		case d.cards <- n:
		case <-ctx.Done():
			return
		}
	}
}

func (d *dealer) Play(f func(card int)) {
	go func() {
		if c, ok := <-d.cards; ok {
			f(c)
		}
	}()
}
