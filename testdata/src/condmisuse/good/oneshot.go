package good

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

// The goroutine gets the lock only before the look at the context, or in the Wait.
func (in *inbox) wokenByGoroutine(ctx context.Context) (string, error) {
	go func() {
		<-ctx.Done()
		in.mu.Lock()
		in.cond.Broadcast()
		in.mu.Unlock()
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

// The lock is taken and given back, which keeps the Broadcast out as well.
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
		out.mu.Lock()
		out.mu.Unlock()
		out.cond.Broadcast()
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

// The method itself is the callback, and nobody looks at the context: it is but one
// more wakeup for those who wait for the flag.
func wokenByMethod(ctx context.Context, ready *bool, mu *sync.Mutex) {
	cond := sync.NewCond(mu)
	stop := context.AfterFunc(ctx, cond.Broadcast)
	defer stop()
	mu.Lock()
	defer mu.Unlock()
	for !*ready {
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

// The ticker wakes again and again: what is missed once is made up for.
func (g *drawbridge) wokenByTimer(d time.Duration) bool {
	begin := time.Now()
	late := time.NewTicker(d)
	done := make(chan struct{})
	defer close(done)
	go func() {
		defer late.Stop()
		for {
			select {
			case <-late.C:
				g.cond.Broadcast()
			case <-done:
				return
			}
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

// Take waits in a goroutine, which it wakes when ctx ends.
func (s *Slots) Take(ctx context.Context) (err error) {
	done := make(chan struct{})
	go func() {
		err = s.wait(ctx)
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		s.mu.Lock()
		s.cond.Broadcast()
		s.mu.Unlock()
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

// The same goroutine wakes until who waits has noticed.
func (s *Slots) TakeStubbornly(ctx context.Context) (err error) {
	done := make(chan struct{})
	go func() {
		err = s.wait(ctx)
		close(done)
	}()
	select {
	case <-done:
		return err
	case <-ctx.Done():
	}
	for {
		s.cond.Broadcast()
		select {
		case <-done:
			return err
		case <-time.After(time.Millisecond):
		}
	}
}
