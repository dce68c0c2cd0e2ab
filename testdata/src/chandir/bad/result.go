package bad

import "errors"

type ticker struct {
	ticks chan int
	stop  chan struct{}
}

// events hands out the channel that the ticker itself sends on: a caller that
// closed it would make the ticker panic.
func (t *ticker) events() chan int { // want `the result of events is only received from, but the type lets callers send on and close it; declare <-chan int`
	return t.ticks
}

// input is what the callers send on.
func (t *ticker) input() (in chan int) { // want `the result of input is only sent to, but the type lets callers receive from it; declare chan<- int`
	return t.ticks
}

func (t *ticker) run() {
	for {
		select {
		case v := <-t.ticks:
			t.ticks <- v + 1
		case <-t.stop:
			return
		}
	}
}

func (t *ticker) close() { close(t.stop) }

// open returns the channel beside an error.
func open(fail bool) (chan int, error) { // want `the result of open is only received from`
	if fail {
		return nil, errors.New("closed")
	}
	return make(chan int), nil
}

func useResults(t *ticker) int {
	defer t.close()
	go t.run()
	t.input() <- 1
	c := t.events()
	o, err := open(false)
	if err != nil {
		return 0
	}
	return <-c + <-o
}
