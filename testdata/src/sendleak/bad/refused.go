package bad

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
func cells(r io.Reader) <-chan cell {
	out := make(chan cell, 16)
	go func() {
		defer close(out)
		sc := bufio.NewScanner(r)
		for no := 1; sc.Scan(); no++ {
			text := strings.TrimSpace(sc.Text())
			if text == "" {
				continue
			}
			out <- cell{no, text} // want `send on out blocks forever if total returns on line 38`
		}
	}()
	return out
}

func total(r io.Reader) (int, error) {
	sum := 0
	for c := range cells(r) {
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

// tailed goes on after the one that was looked for.
func tailed(poll func() ([]string, error), want string) bool {
	out := make(chan string)
	go func() {
		defer close(out)
		for {
			lines, err := poll()
			if err != nil {
				return
			}
			for _, l := range lines {
				out <- l // want `send on out blocks forever if tailed returns on line 69`
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
func firstThat(next func() (string, bool), wanted func(string) bool) string {
	out := make(chan string)
	go func() {
		defer close(out)
		for {
			s, ok := next()
			if !ok {
				return
			}
			out <- s // want `send on out blocks forever if firstThat returns on line 90`
		}
	}()
	for s := range out {
		if wanted(s) {
			return s
		}
	}
	return ""
}
