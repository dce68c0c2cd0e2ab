package good

// spans sends what it is given, and drops the rest when it ends.
type spans struct {
	queue chan string
	quit  chan struct{}
	ended chan struct{}
}

func newSpans(send func(string) bool) *spans {
	s := &spans{queue: make(chan string, 9), quit: make(chan struct{}), ended: make(chan struct{})}
	go func() {
		s.connect(send)
		close(s.ended)
		for len(s.queue) > 0 { // all that receive have returned, in this goroutine
			<-s.queue
		}
	}()
	return s
}

func (s *spans) connect(send func(string) bool) {
	for {
		select {
		case span := <-s.queue:
			if !send(span) {
				return
			}
		case <-s.quit:
			return
		}
	}
}

func (s *spans) Add(span string) {
	select {
	case s.queue <- span:
	case <-s.ended:
	}
}
