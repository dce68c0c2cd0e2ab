// Package good has clients that tell those who wait when there is nothing more to read.
package good

import (
	"errors"
	"sync"
)

type packet struct {
	tag  int
	data []byte
}

type conn interface {
	write(packet) error
	read() (packet, error)
	close() error
}

// A Client asks several things at a time on one connection.
type Client struct {
	conn conn

	mu      sync.Mutex
	last    int
	broken  bool
	waiting map[int]chan packet
}

func NewClient(c conn) *Client {
	cl := &Client{conn: c, waiting: make(map[int]chan packet)}
	go cl.reader()
	return cl
}

func (c *Client) reader() {
	for {
		p, err := c.conn.read()
		if err != nil {
			c.conn.close()
			c.mu.Lock()
			c.broken = true
			for _, ch := range c.waiting {
				close(ch)
			}
			c.mu.Unlock()
			return
		}
		c.deliver(p)
	}
}

func (c *Client) deliver(p packet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ch := c.waiting[p.tag]; ch != nil {
		delete(c.waiting, p.tag)
		ch <- p
	}
}

func (c *Client) enter() (int, <-chan packet, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken {
		return 0, nil, errors.New("broken")
	}
	c.last++
	ch := make(chan packet, 1)
	c.waiting[c.last] = ch
	return c.last, ch, nil
}

func (c *Client) Ask(data []byte) ([]byte, error) {
	tag, ch, err := c.enter()
	if err != nil {
		return nil, err
	}
	if err := c.conn.write(packet{tag, data}); err != nil {
		return nil, err
	}
	p := <-ch
	return p.data, nil
}

// A Watcher's channels are closed by who closes it.
type Watcher struct {
	conn conn
	mu   sync.Mutex
	subs map[int]chan packet
}

func NewWatcher(c conn) *Watcher {
	w := &Watcher{conn: c, subs: make(map[int]chan packet)}
	go w.reader()
	return w
}

func (w *Watcher) reader() {
	for {
		p, err := w.conn.read()
		if err != nil {
			return
		}
		w.mu.Lock()
		if ch, ok := w.subs[p.tag]; ok {
			ch <- p
		}
		w.mu.Unlock()
	}
}

func (w *Watcher) Watch(tag int) packet {
	ch := make(chan packet, 1)
	w.mu.Lock()
	w.subs[tag] = ch
	w.mu.Unlock()
	return <-ch
}

func (w *Watcher) Close() {
	w.conn.close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, ch := range w.subs {
		close(ch)
	}
}

// A Redialer reads on with another connection.
type Redialer struct {
	dial func() conn
	mu   sync.Mutex
	subs map[int]chan packet
}

func NewRedialer(dial func() conn) *Redialer {
	r := &Redialer{dial: dial, subs: make(map[int]chan packet)}
	go r.run()
	return r
}

func (r *Redialer) run() {
	for {
		r.read(r.dial())
	}
}

func (r *Redialer) read(c conn) {
	for {
		p, err := c.read()
		if err != nil {
			return
		}
		r.mu.Lock()
		if ch, ok := r.subs[p.tag]; ok {
			ch <- p
		}
		r.mu.Unlock()
	}
}

func (r *Redialer) Await(tag int) packet {
	ch := make(chan packet, 1)
	r.mu.Lock()
	r.subs[tag] = ch
	r.mu.Unlock()
	return <-ch
}

// A Patient watches for the end of the reader, too.
type Patient struct {
	conn conn
	over chan struct{}
	mu   sync.Mutex
	subs map[int]chan packet
}

func NewPatient(c conn) *Patient {
	p := &Patient{conn: c, over: make(chan struct{}), subs: make(map[int]chan packet)}
	go p.reader()
	return p
}

func (p *Patient) reader() {
	defer close(p.over)
	for {
		x, err := p.conn.read()
		if err != nil {
			return
		}
		p.mu.Lock()
		if ch, ok := p.subs[x.tag]; ok {
			ch <- x
		}
		p.mu.Unlock()
	}
}

func (p *Patient) Await(tag int) (x packet, ok bool) {
	ch := make(chan packet, 1)
	p.mu.Lock()
	p.subs[tag] = ch
	p.mu.Unlock()
	select {
	case x = <-ch:
		return x, true
	case <-p.over:
		return x, false
	}
}

// A Given is handed its channels by others, which may send on them themselves.
type Given struct {
	conn conn
	mu   sync.Mutex
	subs map[int]chan packet
}

func NewGiven(c conn) *Given {
	g := &Given{conn: c, subs: make(map[int]chan packet)}
	go g.reader()
	return g
}

func (g *Given) reader() {
	for {
		x, err := g.conn.read()
		if err != nil {
			g.fail(g.subs)
			return
		}
		g.mu.Lock()
		if ch, ok := g.subs[x.tag]; ok {
			ch <- x
		}
		g.mu.Unlock()
	}
}

func (g *Given) fail(all map[int]chan packet) {
	for _, ch := range all {
		close(ch)
	}
}

func (g *Given) Await(tag int) packet {
	ch := make(chan packet, 1)
	g.mu.Lock()
	g.subs[tag] = ch
	g.mu.Unlock()
	return <-ch
}

// A Gone finds its channel gone from the map when it gives up: the answer is on its way.
type Gone struct {
	conn conn
	mu   sync.Mutex
	subs map[int]chan packet
}

func NewGone(c conn) *Gone {
	g := &Gone{conn: c, subs: make(map[int]chan packet)}
	go g.reader()
	return g
}

func (g *Gone) reader() {
	for {
		x, err := g.conn.read()
		if err != nil {
			return
		}
		g.mu.Lock()
		ch, ok := g.subs[x.tag]
		delete(g.subs, x.tag)
		g.mu.Unlock()
		if ok {
			ch <- x
		}
	}
}

func (g *Gone) Await(tag int, stop <-chan struct{}) (x packet, ok bool) {
	ch := make(chan packet)
	g.mu.Lock()
	g.subs[tag] = ch
	g.mu.Unlock()
	select {
	case x = <-ch:
		return x, true
	case <-stop:
	}
	g.mu.Lock()
	_, there := g.subs[tag]
	delete(g.subs, tag)
	g.mu.Unlock()
	if !there {
		x = <-ch
	}
	return x, !there
}

// A Resumer connects once more when its reader has ended, and that reader knows those that wait.
type Resumer struct {
	dial func() conn
	mu   sync.Mutex
	subs map[int]chan packet
}

func (r *Resumer) Connect() { go r.read(r.dial()) }

func (r *Resumer) read(c conn) {
	for {
		p, err := c.read()
		if err != nil {
			r.Connect()
			return
		}
		r.mu.Lock()
		if ch, ok := r.subs[p.tag]; ok {
			ch <- p
		}
		r.mu.Unlock()
	}
}

func (r *Resumer) Await(tag int) packet {
	ch := make(chan packet, 1)
	r.mu.Lock()
	if r.subs == nil {
		r.subs = make(map[int]chan packet)
	}
	r.subs[tag] = ch
	r.mu.Unlock()
	return <-ch
}
