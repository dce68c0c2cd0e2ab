//go:build !plan9

package good

// On Plan 9 flush receives.
func flush(c chan int) { c <- 0 }

// The tests of the package open the gate through the field.
type gate struct {
	opened chan bool
}

func newGate(opened chan bool) *gate { return &gate{opened: opened} }

func (g *gate) pass() bool { return <-g.opened }
