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
