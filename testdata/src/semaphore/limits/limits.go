// Package limits holds what is known to be missed.
package limits

// A gate takes and gives back slots in methods of their own: who calls what is
// not followed for that.
type gate struct{ slots chan struct{} }

func newGate() *gate { return &gate{make(chan struct{}, 3)} }

func (g *gate) enter() { g.slots <- struct{}{} }
func (g *gate) leave() { <-g.slots }

func (g *gate) do(n int, work func()) {
	g.enter()
	if n < 0 {
		return
	}
	work()
	g.leave()
}

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
