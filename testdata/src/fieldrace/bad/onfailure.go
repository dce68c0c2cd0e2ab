package bad

import (
	"errors"
	"fmt"
)

type handle struct{ close func() error }

type pod struct{ h *handle }

// The goroutine is started before the check that can fail.
func (p *pod) start(open func() (*handle, error), check func() error, wait func(*handle)) (n int, retErr error) {
	var cleanErr error
	defer func() {
		if retErr != nil && cleanErr != nil {
			retErr = errors.Join(retErr, cleanErr)
		}
	}()
	h, err := open()
	if err != nil {
		return 0, fmt.Errorf("open: %w", err)
	}
	p.h = h
	defer func() {
		if retErr != nil {
			cleanErr = h.close()
			p.h = nil // want `write of p.h races with the read on line \d+: nothing on the way there waits for the goroutine of line \d+`
		}
	}()
	if err := check(); err != nil {
		return 0, err
	}
	go func() { wait(p.h) }()
	return 1, check()
}
