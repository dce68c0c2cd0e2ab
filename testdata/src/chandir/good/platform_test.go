package good

import "testing"

func TestGate(t *testing.T) {
	g := newGate(make(chan bool, 1))
	g.opened <- true
	if !g.pass() {
		t.Error("closed")
	}
}
