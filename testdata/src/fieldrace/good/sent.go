package good

import "fmt"

type metered struct {
	value int
	unit  string
}

func report(values []int, show func(int)) {
	out := make(chan *metered)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for r := range out {
			show(r.value)
		}
	}()
	for _, v := range values {
		r := &metered{unit: "m"}
		r.value = v
		out <- r
	}
	close(out)
	<-done
}

func markSent(v int, out func(string)) {
	c := make(chan *metered, 1)
	done := make(chan struct{})
	go collect(c, done, out)
	r := &metered{value: v}
	r.unit = "sent"
	select {
	case c <- r:
	case <-done:
	}
	<-done
}

func collect(c <-chan *metered, done chan<- struct{}, out func(string)) {
	r := <-c
	out(fmt.Sprint(r.value, r.unit))
	close(done)
}

// The receiver says when it is done with the object.
func inTurn(values []int, show func(int)) {
	out := make(chan *metered)
	next := make(chan struct{})
	go func() {
		for r := range out {
			show(r.value)
			next <- struct{}{}
		}
	}()
	r := &metered{unit: "m"}
	for _, v := range values {
		r.value = v
		out <- r
		<-next
	}
	close(out)
}

// Two fields of one object: the receiver reads the other one.
func countSent(values []int, show func(string)) int {
	out := make(chan *metered)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for r := range out {
			show(r.unit)
		}
	}()
	r := &metered{unit: "m"}
	for range values {
		r.value++
		out <- r
	}
	close(out)
	<-done
	return r.value
}
