package bad

import "context"

// A link is what a doorman lets in.
type link struct{ name string }

// A lobby takes what its doormen let in, whichever kind they are, until its context ends.
type lobby struct {
	arrived chan link
	guests  []link
}

// An entrance is one way to be let in.
type entrance interface {
	Guard(ctx context.Context) error
}

type entranceMaker interface {
	New(arrived chan link) entrance
}

// OpenLobby starts a lobby; run is who runs the doormen, and stops them by their context.
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

// A sideDoor has the lobby's channel under another name.
type sideDoor struct {
	conns chan link
	bell  func() (link, error)
}

// Guard is run by who runs doormen.
func (d *sideDoor) Guard(ctx context.Context) error {
	for {
		c, err := d.bell()
		select {
		case <-ctx.Done():
			return nil
		default:
		}
		if err != nil {
			continue
		}
		d.conns <- c // want `^send on d.conns blocks forever once lobby.receive has taken <-ctx.Done\(\) on line \d+; select on that here too$`
	}
}

// A cellar lets in by itself: it is run by who runs doormen, at its own address, which nobody
// changes once it is there.
type cellar struct {
	address string
	conns   chan<- link
	listen  func(address string) (func() link, error)
}

func (l *lobby) addCellar(run func(func(context.Context) error), address string) {
	c := &cellar{address: address, conns: l.arrived}
	run(c.guard)
}

func (c *cellar) guard(ctx context.Context) error {
	bell, err := c.listen(c.address)
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		c.conns <- bell() // want `^send on c.conns blocks forever once lobby.receive has taken <-ctx.Done\(\) on line \d+; select on that here too$`
	}
	return nil
}
