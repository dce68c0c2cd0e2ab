package good

import (
	"strconv"
	"strings"
)

func tokens(input string) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for _, word := range strings.Fields(input) {
			out <- word
		}
	}()
	return out
}

// All are taken, also behind what is wanted.
func position(input, want string) int {
	n, at := 0, -1
	for word := range tokens(input) {
		if word == want {
			at = n
		}
		n++
	}
	return at
}

func split(text string) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for _, line := range strings.Split(text, "\n") {
			out <- line
		}
	}()
	return out
}

// The stage in between goes on behind a line that is no number.
func numbers(in <-chan string) (<-chan int, <-chan error) {
	out, errc := make(chan int), make(chan error, 1)
	go func() {
		defer close(out)
		for line := range in {
			n, err := strconv.Atoi(line)
			if err != nil {
				select {
				case errc <- err:
				default:
				}
				continue
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

// All fit in.
func putAll(keys []string, put func(string) error) error {
	errc := make(chan error, len(keys))
	for _, key := range keys {
		go func() {
			errc <- put(key)
		}()
	}
	for range keys {
		if err := <-errc; err != nil {
			return err
		}
	}
	return nil
}

// The last token says that it is the last: both sides know.
func untilEnd(input string) (n int) {
	for word := range ended(input) {
		if word == "" {
			break
		}
		n++
	}
	return n
}

func ended(input string) <-chan string {
	out := make(chan string)
	go func() {
		for _, word := range strings.Fields(input) {
			out <- word
		}
		out <- ""
	}()
	return out
}
