package bad

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

// print loses a ticket with each job that is too long.
func (p *printer) print(pages int, out func(int)) error {
	p.tickets.take() // want `the return on line \d+ keeps the slot of p.tickets taken here: when all are lost, taking one blocks forever; defer the release`
	if pages > p.pages {
		return fmt.Errorf("%d pages", pages)
	}
	out(pages)
	p.tickets.give()
	return nil
}

// printAll asks how many are left, which gives none back.
func (p *printer) printAll(jobs []int, out func(int)) error {
	p.tickets.take() // want `the return on line \d+ keeps the slot of p.tickets taken here`
	if len(jobs) == 0 || p.tickets.left() == 0 {
		return errEmpty
	}
	for _, j := range jobs {
		out(j)
	}
	p.tickets.give()
	return nil
}

// bothSides passes a job on while it has a ticket, and that takes one as well.
func (p *printer) bothSides(pages int, out func(int)) error {
	p.tickets.take()
	defer p.tickets.give()
	return p.print(pages, out) // want `p.print waits for a slot of p.tickets \(line \d+\) with one held since line \d+: blocks forever when all are held so; release it before`
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

// of waits for those below it, which find all slots with their parents.
func (m *measure) of(t *tree) {
	m.begin()
	defer m.end()
	m.mu.Lock()
	m.sum += t.size
	m.mu.Unlock()
	var wg sync.WaitGroup
	for _, k := range t.kids {
		wg.Go(func() { m.of(k) })
	}
	wg.Wait() // want `wg.Wait waits for goroutines that want a slot of m.busy, and holds one since line \d+: blocks forever when all are held so; release it before`
}

// inTurn goes down itself.
func (m *measure) inTurn(t *tree) int {
	m.begin()
	sum := t.size
	for _, k := range t.kids {
		sum += m.inTurn(k) // want `m.inTurn waits for a slot of m.busy \(line \d+\) with one held since line \d+`
	}
	m.end()
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

// visit stays in the museum when it is closed.
func (m *museum) visit(look func() error) error {
	m.enter() // want `the return on line \d+ keeps the slot of m.gate.room taken here`
	if m.closed {
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

// fetch keeps the connection of a request that fails.
func (f *fetcher) fetch(ctx context.Context, get func() (io.ReadCloser, error)) (int, error) {
	if err := f.acquire(ctx); err != nil { // want `the return on line \d+ keeps the slot of f.conns taken here`
		return 0, err
	}
	body, err := get()
	if err != nil {
		return 0, err
	}
	defer f.release()
	defer body.Close()
	n, err := io.Copy(io.Discard, body)
	return int(n), err
}

// fetchAgain names both errors alike.
func (f *fetcher) fetchAgain(ctx context.Context, get func() error) error {
	err := f.acquire(ctx) // want `the return on line \d+ keeps the slot of f.conns taken here`
	if err != nil {
		return err
	}
	err = get()
	if err != nil {
		return err
	}
	f.release()
	return nil
}

// tryFetch does not wait for a connection.
func (f *fetcher) tryFetch(get func() error) error {
	if !f.tryAcquire() { // want `the return on line \d+ keeps the slot of f.conns taken here`
		return errors.New("busy")
	}
	if err := get(); err != nil {
		return err
	}
	f.release()
	return nil
}

func (f *fetcher) lock(ctx context.Context) error { return f.sem.Acquire(ctx, 1) }
func (f *fetcher) unlock()                        { f.sem.Release(1) }

// store has a semaphore of weights behind its methods.
func (f *fetcher) store(ctx context.Context, put func() error) error {
	if err := f.lock(ctx); err != nil { // want `the return on line \d+ keeps the slot of f.sem taken here`
		return err
	}
	if err := put(); err != nil {
		return err
	}
	f.unlock()
	return nil
}

// storeTwice needs two.
func (f *fetcher) storeTwice(ctx context.Context, put func() error) error {
	if err := f.lock(ctx); err != nil {
		return err
	}
	defer f.unlock()
	return f.store(ctx, put) // want `f.store waits for a slot of f.sem \(line \d+\) with one held since line \d+`
}

// reserve returns what gives the slot back.
func (f *fetcher) reserve() (release func()) {
	f.conns <- struct{}{}
	return func() { <-f.conns }
}

// head does not call it when there is nothing to do.
func (f *fetcher) head(urls []string, get func(string) error) error {
	release := f.reserve() // want `the return on line \d+ keeps the slot of f.conns taken here`
	if len(urls) == 0 {
		return errEmpty
	}
	err := get(urls[0])
	release()
	return err
}

// each waits for a second slot with the first in a variable.
func (f *fetcher) each(urls []string, get func(string) error) error {
	release := f.reserve()
	defer release()
	for _, u := range urls {
		if err := f.head([]string{u}, get); err != nil { // want `f.head waits for a slot of f.conns \(line \d+\) with one held since line \d+`
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
	f.outer() // want `the return on line \d+ keeps the slot of f.conns taken here`
	if err := check(); err != nil {
		return err
	}
	f.release()
	return nil
}

// byParam is given the semaphore.
func byParam(sem chan struct{}, check func() error) error {
	take(sem) // want `the return on line \d+ keeps the slot of sem taken here`
	if err := check(); err != nil {
		return err
	}
	give(sem)
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
		acquire() // want `a turn of the loop can end with the slot of sem that it takes here`
		if bad(j) {
			continue
		}
		go func() {
			defer release()
			work(j)
		}()
	}
}

// early has no way to tell its caller, and nobody else gives slots back.
func (m *measure) early(n int, work func()) {
	m.begin() // want `the return on line \d+ keeps the slot of m.busy taken here`
	if n < 0 {
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

// nested takes one more in there.
func (m *measure) nested(t *tree) {
	m.within(func() {
		for _, k := range t.kids {
			m.nested(k) // want `m.nested waits for a slot of m.busy \(line \d+\) with one held since line \d+`
		}
	})
}

var jobs = make(chan struct{}, 4)

func startJob() { jobs <- struct{}{} }
func endJob()   { <-jobs }

// job has its semaphore in a variable of the package.
func job(check, work func() error) error {
	startJob() // want `the return on line \d+ keeps the slot of jobs taken here`
	if err := check(); err != nil {
		return err
	}
	err := work()
	endJob()
	return err
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
	c.limit.Acquire() // want `the return on line \d+ keeps the slot of c.limit.room taken here`
	if err := check(); err != nil {
		return err
	}
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

// The slot stays taken when there is no name.
func visit(name string, look func(string) error) error {
	leave := enter() // want `the return on line \d+ keeps the slot of onlySlot taken here`
	if name == "" {
		return errors.New("no name")
	}
	defer leave()
	return look(name)
}
