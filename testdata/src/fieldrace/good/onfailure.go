package good

import (
	"errors"
	"fmt"
)

type handle struct{ close func() error }

type pod struct{ h *handle }

// The clean-up is for an error, and the goroutine is started when there was none.
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
			p.h = nil
		}
	}()
	if err := check(); err != nil {
		return 0, err
	}
	go func() { wait(p.h) }()
	return
}
