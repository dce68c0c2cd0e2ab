package good

import (
	"sync"
	"time"
)

// An inbox is emptied by a goroutine.
type inbox struct {
	mu   sync.Mutex
	jobs []func()
	wake chan struct{}
	quit chan struct{}
}

// With room for one, a wakeup waits for who looks.
func newInbox() *inbox {
	b := &inbox{wake: make(chan struct{}, 1), quit: make(chan struct{})}
	go b.run()
	return b
}

func (b *inbox) take() (jobs []func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	jobs, b.jobs = b.jobs, nil
	return jobs
}

func (b *inbox) run() {
	for {
		for _, f := range b.take() {
			f()
		}
		select {
		case <-b.wake:
		case <-b.quit:
			return
		}
	}
}

func (b *inbox) put(f func()) {
	b.mu.Lock()
	b.jobs = append(b.jobs, f)
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *inbox) stop() { close(b.quit) }

// A spool looks now and then as well.
type spool struct {
	mu   sync.Mutex
	n    int
	hint chan struct{}
}

func newSpool() *spool {
	s := &spool{hint: make(chan struct{})}
	go s.run()
	return s
}

func (s *spool) run() {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		s.mu.Lock()
		s.n = 0
		s.mu.Unlock()
		select {
		case <-s.hint:
		case <-t.C:
		}
	}
}

func (s *spool) add() {
	s.mu.Lock()
	s.n++
	s.mu.Unlock()
	select {
	case s.hint <- struct{}{}:
	default:
	}
}

// A view looks once more when it is told that it is over.
type view struct {
	mu    sync.Mutex
	seen  string
	hint  chan struct{}
	leave chan struct{}
}

func newView(show func(string)) *view {
	v := &view{hint: make(chan struct{}), leave: make(chan struct{})}
	go func() {
		over := false
		for {
			v.mu.Lock()
			seen := v.seen
			v.mu.Unlock()
			show(seen)
			if over {
				return
			}
			select {
			case <-v.hint:
			case <-v.leave:
				over = true
			}
		}
	}()
	return v
}

func (v *view) see(s string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.seen = s
	select {
	case v.hint <- struct{}{}:
	default:
	}
}

func (v *view) close() { close(v.leave) }
