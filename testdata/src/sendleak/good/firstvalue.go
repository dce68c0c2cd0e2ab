package good

import "errors"

// A Scanner asks for the first piece when it is made: the goroutine is there until it has got that.
type Scanner struct {
	asks   chan struct{}
	pieces chan int
	done   chan struct{}
}

func NewScanner(read func() (int, error)) *Scanner {
	s := &Scanner{asks: make(chan struct{}), pieces: make(chan int, 1), done: make(chan struct{})}
	go func() {
		defer close(s.done)
		for range s.asks {
			n, err := read()
			if err != nil {
				return
			}
			s.pieces <- n
		}
	}()
	s.asks <- struct{}{}
	return s
}

func (s *Scanner) Next() error {
	select {
	case s.asks <- struct{}{}:
		return nil
	case <-s.done:
		return errNoRing
	}
}

// A Ring fills its channel before anybody takes from it.
type Ring struct {
	free chan []byte
	exit chan struct{}
}

var errNoRing = errors.New("no ring")

func NewRing(n int, use func([]byte) error) *Ring {
	r := &Ring{exit: make(chan struct{})}
	r.free = make(chan []byte, n)
	for range n {
		r.free <- make([]byte, 10)
	}
	go func() {
		for {
			select {
			case b := <-r.free:
				if use(b) != nil {
					return
				}
			case <-r.exit:
				return
			}
		}
	}()
	return r
}

func (r *Ring) Close() { close(r.exit) }
