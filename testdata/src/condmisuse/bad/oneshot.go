package bad

import (
	"context"
	"sync"
	"time"
)

type inbox struct {
	mu   sync.Mutex
	cond *sync.Cond
	mail []string
}

func newInbox() *inbox {
	in := new(inbox)
	in.cond = sync.NewCond(&in.mu)
	return in
}

func (in *inbox) put(m string) {
	in.mu.Lock()
	in.mail = append(in.mail, m)
	in.mu.Unlock()
	in.cond.Broadcast()
}

// The goroutine can wake nobody after the look at the context and before the Wait.
func (in *inbox) wokenByGoroutine(ctx context.Context) (string, error) {
	go func() {
		<-ctx.Done()
		in.cond.Broadcast() // want `in\.cond\.Broadcast without the lock may fall between the look at the context and Wait on line \d+, which then sleeps on; hold the lock`
	}()
	in.mu.Lock()
	defer in.mu.Unlock()
	for len(in.mail) == 0 && ctx.Err() == nil {
		in.cond.Wait()
	}
	return in.take(), ctx.Err()
}

func (in *inbox) take() string {
	if len(in.mail) == 0 {
		return ""
	}
	m := in.mail[0]
	in.mail = in.mail[1:]
	return m
}

// That the lock is held where the callback is registered does not help: it runs later.
type outbox struct {
	mu   sync.Mutex
	cond *sync.Cond
	mail []string
}

func newOutbox() *outbox {
	out := new(outbox)
	out.cond = sync.NewCond(&out.mu)
	return out
}

func (out *outbox) put(m string) {
	out.mu.Lock()
	defer out.mu.Unlock()
	out.mail = append(out.mail, m)
	out.cond.Signal()
}

func (out *outbox) wokenByCallback(ctx context.Context) int {
	out.mu.Lock()
	defer out.mu.Unlock()
	stop := context.AfterFunc(ctx, func() {
		out.cond.Broadcast() // want `out\.cond\.Broadcast without the lock may fall between the look at the context and Wait on line \d+`
	})
	defer stop()
	for len(out.mail) == 0 {
		select {
		case <-ctx.Done():
			return 0
		default:
		}
		out.cond.Wait()
	}
	return len(out.mail)
}

// The method itself is the callback.
func wokenByMethod(ctx context.Context, ready *bool, mu *sync.Mutex) {
	cond := sync.NewCond(mu)
	stop := context.AfterFunc(ctx, cond.Broadcast) // want `cond\.Broadcast without the lock may fall between the look at the context and Wait on line \d+`
	defer stop()
	mu.Lock()
	defer mu.Unlock()
	for !*ready && ctx.Err() == nil {
		cond.Wait()
	}
}

type drawbridge struct {
	mu   sync.Mutex
	cond *sync.Cond
	open bool
}

func newDrawbridge() *drawbridge {
	g := new(drawbridge)
	g.cond = sync.NewCond(&g.mu)
	return g
}

func (g *drawbridge) lift() {
	g.mu.Lock()
	g.open = true
	g.cond.Broadcast()
	g.mu.Unlock()
}

// The timer fires once, perhaps when the time is just not over for who waits.
func (g *drawbridge) wokenByTimer(d time.Duration) bool {
	begin := time.Now()
	late := time.After(d)
	done := make(chan struct{})
	defer close(done)
	go func() {
		select {
		case <-late:
			g.cond.Broadcast() // want `g\.cond\.Broadcast without the lock may fall between the look at the time and Wait on line \d+`
		case <-done:
		}
	}()
	g.mu.Lock()
	defer g.mu.Unlock()
	for !g.open {
		if time.Since(begin) >= d {
			return false
		}
		g.cond.Wait()
	}
	return true
}

// Slots hands out a number of slots.
type Slots struct {
	mu   sync.Mutex
	cond *sync.Cond
	free int
}

func NewSlots(n int) *Slots {
	s := &Slots{free: n}
	s.cond = sync.NewCond(&s.mu)
	return s
}

func (s *Slots) Give() {
	s.mu.Lock()
	s.free++
	s.cond.Broadcast()
	s.mu.Unlock()
}

// Take waits in a goroutine, which it wakes when ctx ends: but for once.
func (s *Slots) Take(ctx context.Context) (err error) {
	done := make(chan struct{})
	go func() {
		err = s.wait(ctx)
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		s.cond.Broadcast() // want `s\.cond\.Broadcast without the lock may fall between the look at the context and Wait on line \d+`
		<-done
	}
	return err
}

func (s *Slots) wait(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.free == 0 {
		s.cond.Wait()
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	s.free--
	return nil
}
