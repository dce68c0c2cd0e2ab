// Package limits holds what is known to be missed.
package limits

// tokens has the semaphore the other way round: filled at the beginning, a
// receive takes.
func tokens(n int, work func() error) error {
	slots := make(chan struct{}, 3)
	for range 3 {
		slots <- struct{}{}
	}
	for range n {
		<-slots
		if err := work(); err != nil {
			continue
		}
		slots <- struct{}{}
	}
	return nil
}

// A room takes and gives slots behind an interface: which of them is not known.
type room interface {
	enter()
	leave()
}

type gate struct{ slots chan struct{} }

func newGate() room { return &gate{make(chan struct{}, 3)} }

func (g *gate) enter() { g.slots <- struct{}{} }
func (g *gate) leave() { <-g.slots }

func do(r room, n int, work func()) {
	r.enter()
	if n < 0 {
		return
	}
	work()
	r.leave()
}
