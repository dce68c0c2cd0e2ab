package good

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"
)

type cell struct {
	line int
	text string
}

// cells sends on with room for some: there can be more lines than that.
func cells(r io.Reader, done <-chan struct{}) <-chan cell {
	out := make(chan cell, 16)
	go func() {
		defer close(out)
		sc := bufio.NewScanner(r)
		for no := 1; sc.Scan(); no++ {
			text := strings.TrimSpace(sc.Text())
			if text == "" {
				continue
			}
			select {
			case out <- cell{no, text}:
			case <-done:
				return
			}
		}
	}()
	return out
}

func total(r io.Reader) (int, error) {
	sum := 0
	done := make(chan struct{})
	defer close(done)
	for c := range cells(r, done) {
		n, err := amount(c)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

func amount(c cell) (int, error) {
	if c.line == 0 {
		return 0, errors.New("no line")
	}
	return strconv.Atoi(c.text)
}

// tailed goes on until nobody wants more.
func tailed(poll func() ([]string, error), want string) bool {
	out, done := make(chan string), make(chan struct{})
	defer close(done)
	go func() {
		defer close(out)
		for {
			lines, err := poll()
			if err != nil {
				return
			}
			for _, l := range lines {
				select {
				case out <- l:
				case <-done:
					return
				}
			}
		}
	}()
	for l := range out {
		if strings.Contains(l, want) {
			return true
		}
	}
	return false
}

// firstThat asks the caller which one it wants.
func firstThat(next func() (string, bool), wanted func(string) bool) (found string) {
	out := make(chan string)
	go func() {
		defer close(out)
		for {
			s, ok := next()
			if !ok {
				return
			}
			out <- s
		}
	}()
	for s := range out {
		if found == "" && wanted(s) {
			found = s
		}
	}
	return found
}

// untilMark reads to the mark, which is the last that is sent.
func untilMark(next func() string) (lines []string) {
	out := make(chan string)
	go func() {
		for {
			l := next()
			out <- l
			if l == "END" {
				return
			}
		}
	}()
	for {
		l := <-out
		if strings.HasPrefix(l, "END") {
			return lines
		}
		lines = append(lines, l)
	}
}
