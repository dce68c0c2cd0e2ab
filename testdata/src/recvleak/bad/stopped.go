package bad

import "context"

// A lessor lends one lease after the other until its context ends.
type lessor struct {
	leases chan int
}

func newLessor(ctx context.Context) *lessor {
	l := &lessor{leases: make(chan int)}
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

// Use leaves a goroutine behind if it is called when lend has ended.
func (l *lessor) Use(f func(lease int)) {
	go l.use(f)
}

func (l *lessor) use(f func(lease int)) {
	f(<-l.leases) // want `^receive from l.leases blocks forever once lessor.lend has taken <-ctx.Done\(\) on line \d+; select on that here too$`
}
