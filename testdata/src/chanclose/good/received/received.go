// Package received waits for the group of its object before it closes what was made here.
package received

import "sync"

type Stream struct{ wg sync.WaitGroup }

func (s *Stream) Run(srcs ...func() error) (n int) {
	errs := make(chan error, len(srcs))
	for _, f := range srcs {
		s.wg.Go(func() { errs <- f() })
	}
	s.wg.Wait()
	close(errs)
	for e := range errs {
		if e != nil {
			n++
		}
	}
	return n
}
