package good

import (
	"io"
	"sync"

	"golang.org/x/sync/singleflight"
)

type trunk struct {
	dial func(addr string) (io.Closer, error)

	mu     sync.Mutex
	conns  map[string]io.Closer
	sizes  map[string]int
	flight singleflight.Group
}

func newTrunk(dial func(string) (io.Closer, error)) *trunk {
	return &trunk{dial: dial, conns: make(map[string]io.Closer), sizes: make(map[string]int)}
}

func (d *trunk) lookup(addr string) (io.Closer, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.conns[addr]
	return c, ok
}

// The second look decides.
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
	if first, ok := d.conns[addr]; ok {
		c.Close()
		return first, nil
	}
	d.conns[addr] = c
	return c, nil
}

// One flight at a time for each address.
func (d *trunk) Once(addr string) (any, error) {
	c, err, _ := d.flight.Do(addr, func() (any, error) {
		if c, ok := d.lookup(addr); ok {
			return c, nil
		}
		c, err := d.dial(addr)
		if err != nil {
			return nil, err
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		d.conns[addr] = c
		return c, nil
	})
	return c, err
}

func (d *trunk) size(addr string) (int, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, ok := d.sizes[addr]
	return n, ok
}

// The same number is found twice, which costs time and nothing else.
func (d *trunk) Size(addr string, measure func(string) int) int {
	if n, ok := d.size(addr); ok {
		return n
	}
	n := measure(addr)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sizes[addr] = n
	return n
}

// A token of a channel keeps the others out over both sections.
type oneAtATime struct {
	dial func(addr string) (io.Closer, error)
	tok  chan struct{}

	mu    sync.Mutex
	conns map[string]io.Closer
	gen   int
}

func newOneAtATime(dial func(string) (io.Closer, error)) *oneAtATime {
	o := &oneAtATime{dial: dial, tok: make(chan struct{}, 1), conns: make(map[string]io.Closer)}
	o.tok <- struct{}{}
	return o
}

func (o *oneAtATime) Get(addr string) (io.Closer, error) {
	<-o.tok
	defer func() { o.tok <- struct{}{} }()
	o.mu.Lock()
	c, ok := o.conns[addr]
	o.mu.Unlock()
	if ok {
		return c, nil
	}
	c, err := o.dial(addr)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	o.conns[addr] = c
	o.mu.Unlock()
	return c, nil
}

// What was there before is compared.
func (o *oneAtATime) Again(addr string) (io.Closer, error) {
	for {
		o.mu.Lock()
		c, ok := o.conns[addr]
		gen := o.gen
		o.mu.Unlock()
		if ok {
			return c, nil
		}
		c, err := o.dial(addr)
		if err != nil {
			return nil, err
		}
		o.mu.Lock()
		if o.gen != gen {
			o.mu.Unlock()
			c.Close()
			continue
		}
		o.conns[addr] = c
		o.gen++
		o.mu.Unlock()
		return c, nil
	}
}
