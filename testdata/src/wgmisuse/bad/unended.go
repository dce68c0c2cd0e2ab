package bad

import (
	"context"
	"errors"
	"fmt"
	"iter"
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

// The deferred Wait comes before the deferred cancel.
func (l *lease) with(jobs []func() error) (err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var wg sync.WaitGroup
	wg.Go(func() { l.keep(ctx, time.Second) })
	defer func() {
		wg.Wait() // want `^wg.Wait blocks forever: nothing ends the goroutine in the select on line \d+ before it; end that first$`
		if err != nil {
			err = fmt.Errorf("jobs: %w", err)
		}
	}()
	for _, job := range jobs {
		if err := job(); err != nil {
			return err
		}
	}
	return nil
}

// A sum is counted by goroutines; the group is in the object.
type sum struct {
	wg     sync.WaitGroup
	mu     sync.Mutex
	total  int
	broken int
}

func parse(words iter.Seq[string]) (int, error) {
	n := 0
	for w := range words {
		if w == "" {
			return 0, errors.New("empty word")
		}
		n += len(w)
	}
	return n, nil
}

func (s *sum) add(words iter.Seq[string]) {
	n, err := parse(words)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.broken++
		return
	}
	s.total += n
	s.wg.Done()
}

func (s *sum) all(texts []iter.Seq[string]) int {
	for _, t := range texts {
		s.wg.Add(1)
		go s.add(t)
	}
	s.wg.Wait() // want `^s.wg.Wait blocks forever if w == "" on line \d+; call s.wg.Done on every path$`
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total
}
