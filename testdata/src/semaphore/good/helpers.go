package good

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Tickets is a semaphore with names for what it does.
type tickets chan struct{}

func (t tickets) take()     { t <- struct{}{} }
func (t tickets) give()     { <-t }
func (t tickets) left() int { return cap(t) - len(t) }

// A printer lets a few jobs through.
type printer struct {
	tickets tickets
	pages   int
}

func newPrinter(n int) *printer { return &printer{tickets: make(tickets, n)} }

var errEmpty = errors.New("empty")

func (p *printer) print(pages int, out func(int)) error {
	p.tickets.take()
	if pages > p.pages {
		p.tickets.give()
		return fmt.Errorf("%d pages", pages)
	}
	out(pages)
	p.tickets.give()
	return nil
}

func (p *printer) printAll(jobs []int, out func(int)) error {
	p.tickets.take()
	defer p.tickets.give()
	if len(jobs) == 0 || p.tickets.left() == 0 {
		return errEmpty
	}
	for _, j := range jobs {
		out(j)
	}
	return nil
}

func (p *printer) bothSides(pages int, out func(int)) error {
	p.tickets.take()
	p.tickets.give()
	return p.print(pages, out)
}

// A tree is measured by a few goroutines at a time.
type tree struct {
	kids []*tree
	size int
}

type measure struct {
	busy chan struct{}
	mu   sync.Mutex
	sum  int
}

func newMeasure(n int) *measure { return &measure{busy: make(chan struct{}, n)} }

func (m *measure) begin() { m.busy <- struct{}{} }
func (m *measure) end()   { <-m.busy }

func (m *measure) of(t *tree) {
	m.begin()
	m.mu.Lock()
	m.sum += t.size
	m.mu.Unlock()
	m.end()
	var wg sync.WaitGroup
	for _, k := range t.kids {
		wg.Go(func() { m.of(k) })
	}
	wg.Wait()
}

// inTurn goes down itself.
func (m *measure) inTurn(t *tree) int {
	m.begin()
	sum := t.size
	m.end()
	for _, k := range t.kids {
		sum += m.inTurn(k)
	}
	return sum
}

// A gate is part of what it guards.
type gate[T any] struct {
	room chan struct{}
	last T
}

func (g *gate[T]) enter() { g.room <- struct{}{} }
func (g *gate[T]) leave() { <-g.room }

type museum struct {
	gate[string]
	closed bool
}

func newMuseum(n int) *museum { return &museum{gate: gate[string]{room: make(chan struct{}, n)}} }

var errClosed = errors.New("closed")

func (m *museum) visit(look func() error) error {
	m.enter()
	if m.closed {
		m.leave()
		return errClosed
	}
	err := look()
	m.leave()
	return err
}

// A fetcher gives up when its context is done.
type fetcher struct {
	conns chan struct{}
	sem   *semaphore.Weighted
}

func newFetcher(n int) *fetcher {
	return &fetcher{conns: make(chan struct{}, n), sem: semaphore.NewWeighted(int64(n))}
}

func (f *fetcher) acquire(ctx context.Context) error {
	select {
	case f.conns <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *fetcher) release() { <-f.conns }

func (f *fetcher) tryAcquire() bool {
	select {
	case f.conns <- struct{}{}:
		return true
	default:
		return false
	}
}

func (f *fetcher) fetch(ctx context.Context, get func() (io.ReadCloser, error)) (int, error) {
	if err := f.acquire(ctx); err != nil {
		return 0, err
	}
	defer f.release()
	body, err := get()
	if err != nil {
		return 0, err
	}
	defer body.Close()
	n, err := io.Copy(io.Discard, body)
	return int(n), err
}

// fetchAgain names both errors alike.
func (f *fetcher) fetchAgain(ctx context.Context, get func() error) error {
	err := f.acquire(ctx)
	if err != nil {
		return err
	}
	err = get()
	f.release()
	if err != nil {
		return err
	}
	return nil
}

// tryFetch does not wait for a connection.
func (f *fetcher) tryFetch(get func() error) error {
	if !f.tryAcquire() {
		return errors.New("busy")
	}
	defer f.release()
	if err := get(); err != nil {
		return err
	}
	return nil
}

func (f *fetcher) lock(ctx context.Context) error { return f.sem.Acquire(ctx, 1) }
func (f *fetcher) unlock()                        { f.sem.Release(1) }

// store has a semaphore of weights behind its methods.
func (f *fetcher) store(ctx context.Context, put func() error) error {
	if err := f.lock(ctx); err != nil {
		return err
	}
	defer f.unlock()
	if err := put(); err != nil {
		return err
	}
	return nil
}

func (f *fetcher) storeTwice(ctx context.Context, put func() error) error {
	if err := f.lock(ctx); err != nil {
		return err
	}
	f.unlock()
	return f.store(ctx, put)
}

// reserve returns what gives the slot back.
func (f *fetcher) reserve() (release func()) {
	f.conns <- struct{}{}
	return func() { <-f.conns }
}

func (f *fetcher) head(urls []string, get func(string) error) error {
	release := f.reserve()
	if len(urls) == 0 {
		release()
		return errEmpty
	}
	err := get(urls[0])
	release()
	return err
}

func (f *fetcher) each(urls []string, get func(string) error) error {
	release := f.reserve()
	release()
	for _, u := range urls {
		if err := f.head([]string{u}, get); err != nil {
			return err
		}
	}
	return nil
}

// outer takes through two methods.
func (f *fetcher) outer() { f.inner() }
func (f *fetcher) inner() { f.conns <- struct{}{} }

// deep takes through both.
func (f *fetcher) deep(check func() error) error {
	f.outer()
	defer f.release()
	if err := check(); err != nil {
		return err
	}
	return nil
}

// byParam is given the semaphore.
func byParam(sem chan struct{}, check func() error) error {
	take(sem)
	defer give(sem)
	if err := check(); err != nil {
		return err
	}
	return nil
}

func take(sem chan struct{}) { sem <- struct{}{} }
func give(sem chan struct{}) { <-sem }

// closures takes and gives in functions of its own.
func closures(jobs []string, bad func(string) bool, work func(string)) {
	sem := make(chan struct{}, 2)
	acquire := func() { sem <- struct{}{} }
	release := func() { <-sem }
	for _, j := range jobs {
		acquire()
		if bad(j) {
			release()
			continue
		}
		go func() {
			defer release()
			work(j)
		}()
	}
}

func (m *measure) early(n int, work func()) {
	m.begin()
	if n < 0 {
		m.end()
		return
	}
	work()
	m.end()
}

// within calls a function while it has a slot.
func (m *measure) within(work func()) {
	m.begin()
	defer m.end()
	work()
}

func (m *measure) nested(t *tree) {
	var kids []*tree
	m.within(func() {
		kids = t.kids
	})
	for _, k := range kids {
		m.nested(k)
	}
}

// later calls the function when it has given the slot back.
func (m *measure) later(work func()) {
	m.begin()
	m.end()
	work()
}

func (m *measure) nestedLater(t *tree) {
	m.later(func() {
		for _, k := range t.kids {
			m.nestedLater(k)
		}
	})
}

var jobs = make(chan struct{}, 4)

func startJob() { jobs <- struct{}{} }
func endJob()   { <-jobs }

func job(check, work func() error) error {
	startJob()
	defer endJob()
	if err := check(); err != nil {
		return err
	}
	return work()
}

// A client has its limiter in a type of its own, with a channel that was made before.
type limiter struct{ room chan struct{} }

func newLimiter(n int) *limiter {
	room := make(chan struct{}, n)
	return &limiter{room}
}

func (l *limiter) Acquire() { l.room <- struct{}{} }
func (l *limiter) Release() { <-l.room }

type client struct{ limit *limiter }

func (c *client) call(check, work func() error) error {
	if err := check(); err != nil {
		return err
	}
	c.limit.Acquire()
	err := work()
	c.limit.Release()
	return err
}

var onlySlot = make(chan struct{}, 1)

// enter takes the only slot, and returns what gives it back.
func enter() func() {
	onlySlot <- struct{}{}
	return func() { <-onlySlot }
}

// The slot is taken when the defer statement is executed, and given back by every return.
func visit(name string, look func(string) error) error {
	if name == "main" {
		defer enter()()
	}
	if name == "" {
		return errors.New("no name")
	}
	return look(name)
}
