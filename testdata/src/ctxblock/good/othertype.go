package good

import "context"

type link struct{ name string }

// A lobby takes what its doormen let in until its context ends.
type lobby struct {
	arrived chan link
	guests  []link
}

type entrance interface {
	Guard(ctx context.Context) error
}

type entranceMaker interface {
	New(arrived chan link) entrance
}

func OpenLobby(ctx context.Context, run func(func(context.Context) error), makers ...entranceMaker) *lobby {
	l := &lobby{arrived: make(chan link)}
	for _, m := range append(makers, &sideDoors{}) {
		e := m.New(l.arrived)
		run(e.Guard)
	}
	go l.receive(ctx)
	return l
}

func (l *lobby) receive(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-l.arrived:
			l.guests = append(l.guests, c)
		}
	}
}

type sideDoors struct{}

func (*sideDoors) New(arrived chan link) entrance {
	return &sideDoor{conns: arrived}
}

// A sideDoor watches its context with each send.
type sideDoor struct {
	conns chan link
	bell  func() (link, error)
}

func (d *sideDoor) Guard(ctx context.Context) error {
	for {
		c, err := d.bell()
		if err != nil {
			continue
		}
		select {
		case d.conns <- c:
		case <-ctx.Done():
			return nil
		}
	}
}

// A hall has the same doors, but what they let in goes on being received until the channel
// is closed.
type hall struct {
	arrived chan link
	doors   []*backDoor
}

func OpenHall(run func(func(context.Context) error), bell func() link) *hall {
	h := &hall{arrived: make(chan link)}
	d := newBackDoor(h.arrived, bell)
	h.doors = append(h.doors, d)
	run(d.Guard)
	go func() {
		for range h.arrived {
		}
	}()
	return h
}

// A backDoor sends to whoever has given it the channel.
type backDoor struct {
	conns chan<- link
	bell  func() link
}

func newBackDoor(conns chan<- link, bell func() link) *backDoor {
	return &backDoor{conns: conns, bell: bell}
}

func (d *backDoor) Guard(ctx context.Context) error {
	for ctx.Err() == nil {
		d.conns <- d.bell()
	}
	return nil
}

// A Gate gets its channel from who makes it, who may receive as he likes.
type Gate struct {
	out  chan<- link
	stop context.Context
}

func NewGate(ctx context.Context, out chan<- link) *Gate { return &Gate{out: out, stop: ctx} }

func (g *Gate) Let(ctx context.Context, l link) { g.out <- l }

// A cellar looks at its state, which tells that nobody receives any more, before it sends.
type cellar struct {
	closed bool
	conns  chan<- link
	bell   func() link
}

func (l *lobby) addCellar(run func(func(context.Context) error)) *cellar {
	c := &cellar{conns: l.arrived}
	run(c.guard)
	return c
}

func (c *cellar) close() { c.closed = true }

func (c *cellar) guard(ctx context.Context) error {
	for {
		if c.closed {
			return nil
		}
		c.conns <- c.bell()
	}
}
