package good

import "strconv"

// A quote is asked for in the background.
type quote struct {
	done  chan struct{}
	price int
	err   error
}

func askQuote(ask func() (string, error)) *quote {
	q := &quote{done: make(chan struct{})}
	go func() {
		s, err := ask()
		q.price, q.err = parsePrice(s, err)
		close(q.done)
	}()
	return q
}

func parsePrice(s string, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(s)
}

func (q *quote) Price() (int, error) {
	<-q.done
	return q.price, q.err
}

// A launch tells first that it runs, and at last how it ended.
type launch struct {
	up, done chan struct{}
	addr     string
	err      error
}

func start(serve func(string) error) *launch {
	l := &launch{up: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(l.done)
		l.addr = "localhost:0"
		close(l.up)
		l.err = serve(l.addr)
	}()
	return l
}

func (l *launch) Addr() string {
	<-l.up
	return l.addr
}

func (l *launch) Wait() error {
	<-l.up
	<-l.done
	return l.err
}

func (l *launch) Failed() bool {
	select {
	case <-l.done:
		return l.err != nil
	default:
		return false
	}
}
