package bad

// A client sees one end of each of the server's channels: a method of it that
// received from requests would steal them from the server.
type client struct {
	requests chan int      // want `client.requests is only sent to, but the type lets the package receive from it; declare chan<- int`
	quit     chan struct{} // want `client.quit is only received from, but the type lets the package send on and close it`
}

type server struct {
	requests chan int
	quit     chan struct{}
}

func (s *server) client() *client {
	return &client{requests: s.requests, quit: s.quit}
}

func (s *server) serve() {
	for r := range s.requests {
		if r == 0 {
			close(s.quit)
			return
		}
	}
}

func (c *client) ask(v int) bool {
	select {
	case c.requests <- v:
		return true
	case <-c.quit:
		return false
	}
}

// A reply is sent to by the one who answers; who asks keeps the channel.
type question struct {
	text  string
	reply chan string // want `question.reply is only sent to`
}

func ask(to chan<- question, text string) string {
	reply := make(chan string, 1)
	to <- question{text, reply}
	return <-reply
}

func answer(from <-chan question) {
	for q := range from {
		q.reply <- q.text
	}
}

// A tap is filled through the parameter of its maker.
type tap[T any] struct {
	source chan T // want `tap.source is only received from`
}

func newTap[T any](source chan T) *tap[T] { // want `source is only received from, but the type lets newTap send on and close it`
	return &tap[T]{source: source}
}

func (t *tap[T]) next() T { return <-t.source }

func useFields(s *server) {
	go s.serve()
	s.client().ask(1)
	questions := make(chan question)
	go answer(questions)
	ask(questions, "why")
	newTap(s.requests).next()
}
