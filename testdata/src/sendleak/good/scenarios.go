package good

import (
	"errors"
	"time"
)

var errNone = errors.New("none")

func receiverReturnsEarly(ok bool) (int, error) {
	results := make(chan int, 1)
	go func() {
		results <- work()
	}()
	if !ok {
		return 0, errNone
	}
	return <-results, nil
}

func sendAfterTimeout() int {
	done := make(chan int, 1)
	go func() {
		done <- work()
	}()
	select {
	case r := <-done:
		return r
	case <-time.After(time.Second):
		return 0
	}
}

func firstOfMany(mirrors [2]string) int {
	answers := make(chan int, len(mirrors))
	for range mirrors {
		go func() {
			answers <- work()
		}()
	}
	return <-answers
}

func doubleSend(fail bool) error {
	errc := make(chan error)
	go func() {
		if fail {
			errc <- errNone
			return
		}
		errc <- nil
	}()
	return <-errc
}

func consumerBreaks(n int) int {
	values := make(chan int)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		defer close(values)
		for i := 0; i < n; i++ {
			select {
			case values <- i:
			case <-stop:
				return
			}
		}
	}()
	for v := range values {
		if v >= 0 {
			return v
		}
	}
	return 0
}
