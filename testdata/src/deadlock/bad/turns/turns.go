package turns

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// rows sends what it can read, and what it cannot as an error.
func rows(r io.Reader) (<-chan []string, <-chan error) {
	out, errs := make(chan []string), make(chan error)
	go func() {
		defer close(errs)
		defer close(out)
		for sc := bufio.NewScanner(r); sc.Scan(); {
			cols := strings.Split(sc.Text(), ",")
			if len(cols) != 3 {
				errs <- errors.New("columns") // want `^send on errs blocks forever: range over out on line \d+ waits too$`
				continue
			}
			out <- cols
		}
	}()
	return out, errs
}

// Merge reads the errors only when all rows have come: the first error ends that.
func Merge(r io.Reader, merge func([]string)) (failed int) {
	out, errs := rows(r)
	for cols := range out {
		merge(cols)
	}
	for range errs {
		failed++
	}
	return failed
}
