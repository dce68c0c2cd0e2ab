package bad

// There is one flush, for all platforms.
func flush(c chan int) { c <- 0 } // want `c is only sent to`

// The tests of the package do nothing with the field.
type gate struct {
	opened chan bool // want `gate.opened is only received from`
}

func newGate(opened chan bool) *gate { return &gate{opened: opened} } // want `opened is only received from`

func (g *gate) pass() bool { return <-g.opened }
