package good

import (
	"context"
	"sync"
	"time"
)

type lease struct {
	mu    sync.Mutex
	beats int
}

func (l *lease) renew() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.beats++
}

func (l *lease) keep(ctx context.Context, every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			l.renew()
		case <-ctx.Done():
			return
		}
	}
}

// What is deferred last runs first.
func (l *lease) with(jobs []func() error) error {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { l.keep(ctx, time.Second) })
	defer wg.Wait()
	defer cancel()
	for _, job := range jobs {
		if err := job(); err != nil {
			return err
		}
	}
	return nil
}

// Others count down too, what they have not counted here.
type ledger struct {
	wg sync.WaitGroup
}

func (l *ledger) open(n int) { l.wg.Add(n) }

func (l *ledger) closed() { l.wg.Done() }

func (l *ledger) settle(n int, paid chan<- *ledger) {
	l.open(n)
	paid <- l
	l.wg.Wait()
}

// The goroutine is done on each of its ways.
type sum struct {
	wg    sync.WaitGroup
	mu    sync.Mutex
	total int
}

func (s *sum) add(n int, err error) {
	defer s.wg.Done()
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total += n
}

func (s *sum) all(ns []int, err error) {
	for _, n := range ns {
		s.wg.Add(1)
		go s.add(n, err)
	}
	s.wg.Wait()
}
