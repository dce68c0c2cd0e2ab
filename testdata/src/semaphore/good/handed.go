package good

import "errors"

// A pool gives a slot with each resource, which its Release gives back.
type slots struct {
	sem  chan struct{}
	free []*resource
}

type resource struct{ of *slots }

func (s *slots) Acquire(ready bool) (*resource, error) {
	s.sem <- struct{}{}
	if !ready {
		<-s.sem
		return nil, errors.New("not ready")
	}
	last := s.free[len(s.free)-1]
	return last, nil
}

func (r *resource) Release() { <-r.of.sem }

// A flag tells whether the slot was taken.
type compaction struct {
	lock   chan struct{}
	locked bool
}

func (c *compaction) run(quit <-chan struct{}, work func()) {
	select {
	case c.lock <- struct{}{}:
		c.locked = true
	case <-quit:
	}
	work()
	if c.locked {
		<-c.lock
	}
}

func newSlots(n int) *slots { return &slots{sem: make(chan struct{}, n)} }

func newCompaction() *compaction { return &compaction{lock: make(chan struct{}, 1)} }

func (c *compaction) fail(quit <-chan struct{}, errs chan<- error, err error) {
	for {
		select {
		case errs <- err:
		case c.lock <- struct{}{}:
			c.locked = true
		case <-quit:
			if c.locked {
				<-c.lock
			}
			return
		}
	}
}
