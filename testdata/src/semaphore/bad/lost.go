package bad

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/semaphore"
)

// A pool admits a few callers at a time.
type pool struct {
	slots chan struct{}
	sem   *semaphore.Weighted
}

func newPool(n int) *pool {
	return &pool{slots: make(chan struct{}, n), sem: semaphore.NewWeighted(int64(n))}
}

// returnWithSlot loses a slot with each bad input.
func (p *pool) returnWithSlot(n int, work func()) error {
	p.slots <- struct{}{} // want `the return on line \d+ keeps the slot of p.slots taken here: when all are lost, taking one blocks forever; defer the release`
	if n < 0 {
		return errors.New("negative")
	}
	work()
	<-p.slots
	return nil
}

// weightedReturn does the same with Weighted.
func (p *pool) weightedReturn(ctx context.Context, n int, work func() error) error {
	if err := p.sem.Acquire(ctx, 1); err != nil { // want `the return on line \d+ keeps the slot of p.sem taken here`
		return err
	}
	if err := work(); err != nil {
		return err
	}
	p.sem.Release(1)
	return nil
}

// tryReturn does it after TryAcquire.
func (p *pool) tryReturn(work func() error) error {
	if !p.sem.TryAcquire(1) { // want `the return on line \d+ keeps the slot of p.sem taken here`
		return errors.New("busy")
	}
	err := work()
	if err != nil {
		return err
	}
	p.sem.Release(1)
	return nil
}

// continueWithSlot goes to the next turn and takes another one.
func continueWithSlot(items []string, skip func(string) bool, work func(string)) {
	sem := make(chan struct{}, 3)
	var wg sync.WaitGroup
	for _, it := range items {
		sem <- struct{}{} // want `a turn of the loop can end with the slot of sem that it takes here: when all are lost, taking one blocks forever`
		if skip(it) {
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { <-sem }()
			work(it)
		}()
	}
	wg.Wait()
}

// goroutineReturns is given the slot and does not give it back on an error.
func goroutineReturns(items []string, work func(string) error) {
	sem := make(chan struct{}, 3)
	for _, it := range items {
		sem <- struct{}{} // want `the return on line \d+ keeps the slot of sem taken here`
		go func() {
			if err := work(it); err != nil {
				return
			}
			<-sem
		}()
	}
}
