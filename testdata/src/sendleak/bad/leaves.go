package bad

import (
	"strconv"
	"strings"
)

func tokens(input string) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for _, word := range strings.Fields(input) {
			out <- word // want `send on out blocks forever`
		}
	}()
	return out
}

// The producer does not know what is wanted, and sends on.
func position(input, want string) int {
	n := 0
	for word := range tokens(input) {
		if word == want {
			return n
		}
		n++
	}
	return -1
}

func split(text string) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for _, line := range strings.Split(text, "\n") {
			out <- line // want `send on out blocks forever`
		}
	}()
	return out
}

// The stage in between leaves at the first line that is no number.
func numbers(in <-chan string) (<-chan int, <-chan error) {
	out, errc := make(chan int), make(chan error, 1)
	go func() {
		defer close(out)
		for line := range in {
			n, err := strconv.Atoi(line)
			if err != nil {
				errc <- err
				return
			}
			out <- n
		}
	}()
	return out, errc
}

func sum(text string) (total int, err error) {
	out, errc := numbers(split(text))
	for n := range out {
		total += n
	}
	select {
	case err := <-errc:
		return 0, err
	default:
		return total, nil
	}
}

// One error is taken, one more fits in, and the third waits for ever.
func putAll(keys []string, put func(string) error) error {
	errc := make(chan error, 1)
	for _, key := range keys {
		go func() {
			errc <- put(key) // want `send on errc blocks forever`
		}()
	}
	for range keys {
		if err := <-errc; err != nil {
			return err
		}
	}
	return nil
}
