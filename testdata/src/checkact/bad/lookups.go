package bad

import (
	"io"
	"sync"
)

type trunk struct {
	dial func(addr string) (io.Closer, error)

	mu    sync.Mutex
	conns map[string]io.Closer
}

func newTrunk(dial func(string) (io.Closer, error)) *trunk {
	return &trunk{dial: dial, conns: make(map[string]io.Closer)}
}

func (d *trunk) lookup(addr string) (io.Closer, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.conns[addr]
	return c, ok
}

// Two callers dial, and nobody closes the connection that is replaced.
func (d *trunk) Get(addr string) (io.Closer, error) {
	if c, ok := d.lookup(addr); ok {
		return c, nil
	}
	c, err := d.dial(addr)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.conns[addr] = c // want `d.mu is unlocked between the check of d.conns on line 28 and this write, which replaces what the other one has stored and uses; check again`
	return c, nil
}
