package good

import (
	"net"
	"sync"
	"sync/atomic"
)

// A Drain runs a function over and over.
type Drain struct {
	once sync.Once
	over atomic.Bool
	wg   sync.WaitGroup
}

// Run starts it.
func (d *Drain) Run(one func() bool) {
	d.wg.Go(func() {
		for !d.over.Load() {
			one()
		}
	})
}

// Stop ends it.
func (d *Drain) Stop() {
	d.once.Do(func() { d.over.Store(true) })
	d.wg.Wait()
}

// A Door is closed after it is marked; who accepts comes to know of both.
type Door struct {
	ln     net.Listener
	closed bool
	wg     sync.WaitGroup
}

// Run accepts.
func (d *Door) Run(serve func(net.Conn)) {
	d.wg.Go(func() {
		for !d.closed {
			c, err := d.ln.Accept()
			if err == nil {
				serve(c)
			}
		}
	})
}

// Close marks it first.
func (d *Door) Close() error {
	d.closed = true
	err := d.ln.Close()
	d.wg.Wait()
	return err
}
