package good

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"golang.org/x/sync/semaphore"
)

// A Stage is entered and left by its users.
type Stage struct {
	room   chan struct{}
	closed bool
	queue  chan func()
	held   bool
	cancel func()
}

// NewStage makes one for n users.
func NewStage(n int) *Stage { return &Stage{room: make(chan struct{}, n), queue: make(chan func())} }

func (s *Stage) acquire() { s.room <- struct{}{} }
func (s *Stage) release() { <-s.room }

// Begin leaves the slot to the caller, who ends with End.
func (s *Stage) Begin() error {
	s.acquire()
	if s.closed {
		s.release()
		return errors.New("closed")
	}
	return nil
}

// End gives it back.
func (s *Stage) End() { s.release() }

// Do uses both.
func (s *Stage) Do(work func()) error {
	if err := s.Begin(); err != nil {
		return err
	}
	defer s.End()
	work()
	return nil
}

// A Line is a Stage whose slots go with what is on it.
type Line struct {
	room  chan struct{}
	queue chan func()
	ends  []func()
}

// NewLine makes one.
func NewLine(n int) *Line { return &Line{room: make(chan struct{}, n), queue: make(chan func())} }

func (l *Line) acquire() { l.room <- struct{}{} }
func (l *Line) release() { <-l.room }

// spawn hands its slot to a goroutine.
func (l *Line) spawn(work func()) {
	l.acquire()
	go func() {
		defer l.release()
		work()
	}()
}

// spawnMethod does so with a method.
func (l *Line) spawnMethod(work func(), ok bool) {
	l.acquire()
	if !ok {
		l.release()
		return
	}
	go l.runAndRelease(work)
}

func (l *Line) runAndRelease(work func()) {
	defer l.release()
	work()
}

// submit leaves the slot with the work that is queued, which the worker gives back.
func (l *Line) submit(work func()) {
	l.acquire()
	if work == nil {
		l.release()
		return
	}
	l.queue <- work
}

func (l *Line) worker() {
	for work := range l.queue {
		work()
		l.release()
	}
}

// later has it given back at the end of all.
func (l *Line) later(ok bool) {
	l.acquire()
	if !ok {
		l.release()
		return
	}
	l.ends = append(l.ends, l.release)
}

// A ticket gives its slot back when it is closed.
type ticket struct {
	of   *Line
	once sync.Once
}

func (t *ticket) Close() { t.once.Do(t.of.release) }

func (l *Line) ticket(ok bool) (*ticket, error) {
	l.acquire()
	if !ok {
		l.release()
		return nil, errors.New("no ticket")
	}
	return &ticket{of: l}, nil
}

// reserve returns the release, or none with an error.
func (l *Line) reserve(ctx context.Context) (func(), error) {
	select {
	case l.room <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	var once sync.Once
	return func() { once.Do(l.release) }, nil
}

func (l *Line) withReserve(ctx context.Context, work func() error) error {
	release, err := l.reserve(ctx)
	if err != nil {
		return err
	}
	defer release()
	return work()
}

// handOn gives the release to its own caller.
func (l *Line) handOn(ctx context.Context, check func() error) (func(), error) {
	release, err := l.reserve(ctx)
	if err != nil {
		return nil, err
	}
	if err := check(); err != nil {
		release()
		return nil, err
	}
	return release, nil
}

// cleanup has the release called by others.
func (l *Line) cleanup(add func(func()), ok bool) error {
	l.acquire()
	if !ok {
		l.release()
		return errors.New("not")
	}
	add(l.release)
	if l.queue == nil {
		return errors.New("no queue")
	}
	return nil
}

// wait gives the slot up while it waits.
func (l *Line) wait(ready <-chan struct{}) {
	l.release()
	<-ready
	l.acquire()
}

func (l *Line) useWait(ready <-chan struct{}, work func()) {
	l.acquire()
	defer l.release()
	l.wait(ready)
	work()
}

// A pass is one Line with the slot of its caller.
type sharedLine struct {
	room chan struct{}
}

func newSharedLine(n int) *sharedLine { return &sharedLine{room: make(chan struct{}, n)} }

func (l *sharedLine) acquire() { l.room <- struct{}{} }
func (l *sharedLine) release() { <-l.room }

// step is told whether there is a slot.
func (l *sharedLine) step(held bool, work func()) {
	if !held {
		l.acquire()
		defer l.release()
	}
	work()
}

func (l *sharedLine) steps(n int, work func()) {
	l.acquire()
	defer l.release()
	for range n {
		l.step(true, work)
	}
}

// stepEarly does so with a return.
func (l *sharedLine) stepEarly(held bool, work func()) {
	if held {
		work()
		return
	}
	l.acquire()
	defer l.release()
	work()
}

func (l *sharedLine) stepsEarly(n int, work func()) {
	l.acquire()
	defer l.release()
	for range n {
		l.stepEarly(true, work)
	}
}

// A phase remembers that it has the slot.
type phase struct {
	room chan struct{}
	on   bool
}

func newPhase() *phase { return &phase{room: make(chan struct{}, 1)} }

func (p *phase) acquire() { p.room <- struct{}{} }
func (p *phase) release() { <-p.room }

func (p *phase) toggle(keep bool) {
	p.acquire()
	if keep {
		p.on = true
		return
	}
	p.release()
}

func (p *phase) stop() {
	if p.on {
		p.release()
	}
}

// A bucket starts full: who takes receives.
type bucket struct{ tokens chan struct{} }

func newBucket(n int) *bucket {
	b := &bucket{tokens: make(chan struct{}, n)}
	for range n {
		b.tokens <- struct{}{}
	}
	return b
}

func (b *bucket) get() { <-b.tokens }
func (b *bucket) put() { b.tokens <- struct{}{} }

func (b *bucket) use(work func() error) error {
	b.get()
	defer b.put()
	return work()
}

// pause puts the token back while it waits.
func (b *bucket) pause(ready func() error) error {
	b.put()
	if err := ready(); err != nil {
		return err
	}
	b.get()
	return nil
}

// pauseUse takes one of its own meanwhile.
func (b *bucket) pauseUse(work func() error) error {
	b.put()
	err := b.use(work)
	b.get()
	return err
}

// limited has a handler in which the slot is held.
type limited struct {
	room chan struct{}
	next http.Handler
}

func newLimited(n int, next http.Handler) *limited {
	return &limited{room: make(chan struct{}, n), next: next}
}

func (l *limited) try() bool {
	select {
	case l.room <- struct{}{}:
		return true
	default:
		return false
	}
}

func (l *limited) done() { <-l.room }

func (l *limited) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !l.try() {
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return
	}
	defer l.done()
	l.next.ServeHTTP(w, r)
}

// maybe has no limit when there is no room.
func (l *limited) maybe() {
	if l.room == nil {
		return
	}
	l.room <- struct{}{}
}

func (l *limited) maybeDone() {
	if l.room != nil {
		<-l.room
	}
}

func (l *limited) withMaybe(work func() error) error {
	l.maybe()
	defer l.maybeDone()
	return work()
}

// chain takes that of the next while it has its own.
type chain struct {
	room chan struct{}
	next *chain
}

func newChain(next *chain) *chain { return &chain{room: make(chan struct{}, 1), next: next} }

func (c *chain) acquire() { c.room <- struct{}{} }
func (c *chain) release() { <-c.room }

func (c *chain) couple(work func()) {
	c.acquire()
	c.next.acquire()
	work()
	c.next.release()
	c.release()
}

func (c *chain) along(n int) {
	c.acquire()
	for range n {
		next := c.next
		next.acquire()
		c.release()
		c = next
	}
	c.release()
}

// A weigher gives its slot up while it waits, and takes it again.
type weigher struct{ sem *semaphore.Weighted }

func newWeigher() *weigher { return &weigher{semaphore.NewWeighted(2)} }

func (w *weigher) acquire(ctx context.Context) error { return w.sem.Acquire(ctx, 1) }
func (w *weigher) release()                          { w.sem.Release(1) }

func (w *weigher) wait(ready <-chan struct{}) {
	w.release()
	<-ready
	_ = w.acquire(context.Background())
}

func (w *weigher) useWait(ctx context.Context, ready <-chan struct{}, work func()) error {
	if err := w.acquire(ctx); err != nil {
		return err
	}
	defer w.release()
	w.wait(ready)
	work()
	return nil
}
