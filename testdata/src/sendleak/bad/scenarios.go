package bad

import (
	"errors"
	"time"
)

var errNone = errors.New("none")

// The receiver leaves at the first error of its own; the sender stays.
func receiverReturnsEarly(ok bool) (int, error) {
	results := make(chan int)
	go func() {
		results <- work() // want `send on results blocks forever if receiverReturnsEarly returns on line \d+; make results with capacity 1`
	}()
	if !ok {
		return 0, errNone
	}
	return <-results, nil
}

// After the timeout nobody receives.
func sendAfterTimeout() int {
	done := make(chan int)
	go func() {
		done <- work() // want `send on done blocks forever if <-time.After\(time.Second\) is taken on line \d+; make done with capacity 1`
	}()
	select {
	case r := <-done:
		return r
	case <-time.After(time.Second):
		return 0
	}
}

// Only the first answer is received, those of the others stay.
func firstOfMany(mirrors [2]string) int {
	answers := make(chan int)
	for range mirrors {
		go func() {
			answers <- work() // want `send on answers blocks forever`
		}()
	}
	return <-answers
}

// In the error case both sends are executed, and only one is received.
func doubleSend(fail bool) error {
	errc := make(chan error)
	go func() {
		if fail {
			errc <- errNone
		}
		errc <- nil // want `send on errc blocks forever`
	}()
	return <-errc
}

// The consumer stops at the first value that it likes.
func consumerBreaks(n int) int {
	values := make(chan int)
	go func() {
		defer close(values)
		for i := 0; i < n; i++ {
			values <- i // want `send on values blocks forever if consumerBreaks returns on line \d+`
		}
	}()
	for v := range values {
		if v >= 0 {
			return v
		}
	}
	return 0
}
