package bad

// pump sends only while there is something to send: a nil channel takes its
// case out of the select.
func pump(in <-chan int, sink *sink) {
	var queue []int
	for {
		var out chan int // want `out is only sent to, but the type lets all code in scope receive from it; declare chan<- int`
		var head int
		if len(queue) > 0 {
			out, head = sink.c, queue[0]
		}
		select {
		case v, ok := <-in:
			if !ok {
				return
			}
			queue = append(queue, v)
		case out <- head:
			queue = queue[1:]
		}
	}
}

type sink struct{ c chan int }

func (s *sink) drain() {
	for range s.c {
	}
}

// stopped is closed by its maker, who keeps the channel.
var stopped chan struct{} // want `stopped is only received from`

func setUp() (stop func()) {
	c := make(chan struct{})
	stopped = c
	return func() { close(c) }
}

func waitForStop() { <-stopped }
