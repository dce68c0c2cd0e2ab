package good

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/semaphore"
)

type pool struct {
	slots chan struct{}
	sem   *semaphore.Weighted
}

func newPool(n int) *pool {
	return &pool{slots: make(chan struct{}, n), sem: semaphore.NewWeighted(int64(n))}
}

func (p *pool) returnWithSlot(n int, work func()) error {
	if n < 0 {
		return errors.New("negative")
	}
	p.slots <- struct{}{}
	work()
	<-p.slots
	return nil
}

func (p *pool) weightedReturn(ctx context.Context, n int, work func() error) error {
	if err := p.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	defer p.sem.Release(1)
	if err := work(); err != nil {
		return err
	}
	return nil
}

func (p *pool) tryReturn(work func() error) error {
	if !p.sem.TryAcquire(1) {
		return errors.New("busy")
	}
	err := work()
	if err != nil {
		p.sem.Release(1)
		return err
	}
	p.sem.Release(1)
	return nil
}

func continueWithSlot(items []string, skip func(string) bool, work func(string)) {
	sem := make(chan struct{}, 3)
	var wg sync.WaitGroup
	for _, it := range items {
		if skip(it) {
			continue
		}
		sem <- struct{}{}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { <-sem }()
			work(it)
		}()
	}
	wg.Wait()
}

func goroutineReturns(items []string, work func(string) error) {
	sem := make(chan struct{}, 3)
	for _, it := range items {
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			if err := work(it); err != nil {
				return
			}
		}()
	}
}

// drainAtEnd takes all slots to wait for the others.
func (p *pool) drainAtEnd(items []string, work func(string)) {
	for _, it := range items {
		p.slots <- struct{}{}
		go func() {
			work(it)
			<-p.slots
		}()
	}
	for range cap(p.slots) {
		p.slots <- struct{}{}
	}
}

// drainTwo waits for two kinds of goroutines.
func drainTwo(items []string, work func(string)) {
	a, b := make(chan bool, 2), make(chan bool, 2)
	for _, it := range items {
		a <- true
		go func() { work(it); <-a }()
		b <- true
		go func() { work(it); <-b }()
	}
	for range 2 {
		a <- true
		b <- true
	}
}

// ownSlots are nobody's concern when the function has returned.
func ownSlots(items []string, work func(string) error) error {
	sem := make(chan struct{}, 3)
	for _, it := range items {
		sem <- struct{}{}
		if it == "" {
			return errors.New("empty")
		}
		go func() {
			defer func() { <-sem }()
			_ = work(it)
		}()
	}
	return nil
}

// tryEnter tells its caller that it has the slot.
func (p *pool) tryEnter(full func() bool) bool {
	select {
	case p.slots <- struct{}{}:
	default:
		return false
	}
	if full() {
		<-p.slots
		return false
	}
	return true
}

// enter returns what gives the slot back.
func (p *pool) enter(ctx context.Context) (func(), error) {
	if err := p.sem.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		p.sem.Release(1)
		return nil, err
	}
	return func() { p.sem.Release(1) }, nil
}

// sameCondition takes and gives under one condition.
func (p *pool) sameCondition(limit bool, work func()) {
	if limit {
		p.slots <- struct{}{}
	}
	work()
	if limit {
		<-p.slots
	}
}

// byHelper gives it back in a method of the package.
func (p *pool) byHelper(n int, work func()) {
	p.slots <- struct{}{}
	if n < 0 {
		p.leave()
		return
	}
	work()
	<-p.slots
}

func (p *pool) leave() { <-p.slots }

// doneSignal is no semaphore: the goroutine sends when it has ended.
func doneSignal(work func() error) error {
	done := make(chan struct{}, 1)
	go func() {
		if work() != nil {
			return
		}
		done <- struct{}{}
	}()
	<-done
	return nil
}

// A mutexer uses a channel with one token the other way round.
type mutexer struct{ token chan struct{} }

func newMutexer() *mutexer {
	m := &mutexer{token: make(chan struct{}, 1)}
	m.token <- struct{}{}
	return m
}

func (m *mutexer) do(work func()) {
	<-m.token
	work()
	m.token <- struct{}{}
}

// wakeUp signals a change that somebody waits for.
func wakeUp(changed chan struct{}, n int, work func() error) error {
	for range n {
		changed <- struct{}{}
		if err := work(); err != nil {
			return err
		}
		select {
		case <-changed:
		default:
		}
	}
	return nil
}
