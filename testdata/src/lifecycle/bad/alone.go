package bad

import "context"

// A Tunnel copies in two directions, and reports each on its channel.
type Tunnel struct {
	up, down func() error
	errs     chan error
}

// NewTunnel returns a tunnel that has not been used.
func NewTunnel(up, down func() error) *Tunnel {
	return &Tunnel{up: up, down: down, errs: make(chan error)}
}

func (t *Tunnel) forward(copy func() error) {
	t.errs <- copy() // want `send on t.errs blocks forever if <-ctx.Done\(\) is taken on line 30`
}

// Serve returns at the first error.
func (t *Tunnel) Serve(ctx context.Context) error {
	go t.forward(t.up)
	go t.forward(t.down)
	for range 2 {
		select {
		case err := <-t.errs:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
