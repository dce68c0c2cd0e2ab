package bad

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
		close(q.done)
		q.price, q.err = parsePrice(s, err)
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
	return q.price, q.err // want `read of q\.price races with the write on line 17: what it waits for is signalled on line 16, before that; write first, then signal`
}
