package bad

import "fmt"

type metered struct {
	value int
	unit  string
}

// One object for all that is sent: the receiver sees the next value, or the half of it.
func report(values []int, show func(int)) {
	out := make(chan *metered)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for r := range out {
			show(r.value)
		}
	}()
	r := &metered{unit: "m"}
	for _, v := range values {
		r.value = v // want `write of r.value races with the read on line 17: r was sent on line 23 to the goroutine that reads it; make a new one for each send`
		out <- r
	}
	close(out)
	<-done
}

// What is sent is the receiver's.
func markSent(v int, out func(string)) {
	c := make(chan *metered, 1)
	done := make(chan struct{})
	go collect(c, done, out)
	r := &metered{value: v}
	select {
	case c <- r:
		r.unit = "sent" // want `write of r.unit races with the read on line 45: r was sent on line 35 to the goroutine that reads it; make a new one for each send`
	case <-done:
	}
	<-done
}

func collect(c <-chan *metered, done chan<- struct{}, out func(string)) {
	r := <-c
	out(fmt.Sprint(r.value, r.unit))
	close(done)
}
