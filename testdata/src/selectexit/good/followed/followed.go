// Package followed reads from what connects again.
package followed

import (
	"bufio"
	"io"
	"log"
	"time"
)

type follower struct {
	dial func() io.Reader
	cur  io.Reader
}

// Read connects again, with a pause, after the end.
func (f *follower) Read(p []byte) (int, error) {
	if f.cur == nil {
		time.Sleep(time.Second)
		f.cur = f.dial()
	}
	n, err := f.cur.Read(p)
	if err != nil {
		f.cur = nil
	}
	return n, err
}

func newReader(dial func() io.Reader) *bufio.Reader { return bufio.NewReader(&follower{dial: dial}) }

func Follow(dial func() io.Reader, f func(string)) {
	br := newReader(dial)
	for {
		line, err := br.ReadString('\n')
		if err != nil {
			log.Print(err)
			continue
		}
		f(line)
	}
}
