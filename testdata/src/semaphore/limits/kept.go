package limits

import (
	"errors"
	"sync"
)

// With -semaphore.lost, and only then, these are reported although they are right.

// A session is ended by Abort when Run has failed.
type Session struct {
	room chan struct{}
	mu   sync.Mutex
}

// NewSession makes one.
func NewSession() *Session { return &Session{room: make(chan struct{}, 1)} }

func (s *Session) take() { s.room <- struct{}{} }
func (s *Session) give() { <-s.room }

// Run keeps the slot when it fails.
func (s *Session) Run(work func() error) error {
	s.take() // want `the return on line \d+ keeps the slot of s.room taken here`
	if err := s.all(work); err != nil {
		return err
	}
	s.give()
	return nil
}

func (s *Session) all(work func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return work()
}

// Abort ends what Run has left.
func (s *Session) Abort() { s.give() }

// A starter is started once: nobody waits for the slot.
type starter struct{ started chan struct{} }

func newStarter() *starter { return &starter{started: make(chan struct{}, 1)} }

var errStarted = errors.New("started")

func (s *starter) run(listen func() error) error {
	select {
	case s.started <- struct{}{}: // want `the return on line \d+ keeps the slot of s.started taken here`
	default:
		return errStarted
	}
	if err := listen(); err != nil {
		return err
	}
	<-s.started
	return nil
}

// elsewhere is called back with what gives back.
type callback struct {
	room chan struct{}
	done func()
}

func newCallback() *callback {
	c := &callback{room: make(chan struct{}, 1)}
	c.done = c.give
	return c
}

func (c *callback) take() { c.room <- struct{}{} }
func (c *callback) give() { <-c.room }

func (c *callback) run(work func() error) error {
	c.take() // want `the return on line \d+ keeps the slot of c.room taken here`
	if err := work(); err != nil {
		c.done()
		return err
	}
	c.give()
	return nil
}
