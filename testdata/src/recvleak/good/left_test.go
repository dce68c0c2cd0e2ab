package good

import "testing"

type ticks struct {
	c     chan int
	count int
}

func (k *ticks) loop() {
	for n := range k.c {
		k.count += n
	}
}

// A test need not stop what ends with it.
func TestTicks(t *testing.T) {
	k := &ticks{c: make(chan int)}
	go k.loop()
	k.c <- 1
}
