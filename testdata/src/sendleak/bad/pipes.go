package bad

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

type vault interface {
	Keep(name string, r io.Reader) error
}

type shelf struct {
	full  bool
	boxes map[string][]byte
}

// Keep refuses what does not fit, and has read nothing then.
func (s *shelf) Keep(name string, r io.Reader) error {
	if s.full {
		return errors.New("full")
	}
	box, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.boxes[name] = box
	return nil
}

// The vault refuses, and what fills the pipe is left at its next write.
func keepRefused(v vault, name string, fill func(io.Writer) error) error {
	pr, pw := io.Pipe()
	go func() {
		pw.CloseWithError(fill(pw)) // want `write to pw blocks forever if keepRefused returns on line \d+ with pr open; close pr by CloseWithError on every path`
	}()
	if err := v.Keep(name, pr); err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	return nil
}

// What the shelf says is returned as it is.
func (s *shelf) keepLines(name string, lines []string) error {
	pr, pw := io.Pipe()
	go func() {
		defer pw.Close()
		for _, l := range lines {
			fmt.Fprintln(pw, l) // want `write to pw blocks forever if keepLines returns on line \d+ with pr open`
		}
	}()
	return s.Keep(name, pr)
}

// The function returns before anything reads.
func returnsBeforeReading(open func() (io.WriteCloser, error), fill func(io.Writer) error) error {
	pr, pw := io.Pipe()
	var wg sync.WaitGroup
	wg.Go(func() {
		pw.CloseWithError(fill(pw)) // want `write to pw blocks forever if returnsBeforeReading returns on line \d+ with pr open`
	})
	out, err := open()
	if err != nil {
		return err
	}
	defer out.Close()
	defer pr.Close()
	_, err = io.Copy(out, pr)
	return err
}

// The disk is full, say.
func copyFails(out io.Writer, fill func(io.Writer) error) (int64, error) {
	pr, pw := io.Pipe()
	go func() {
		pw.CloseWithError(fill(pw)) // want `write to pw blocks forever if copyFails returns on line \d+ with pr open`
	}()
	n, err := io.Copy(out, pr)
	if err != nil {
		return n, err
	}
	return n, nil
}

// What is relayed is no JSON, at some point.
func decodeFails(src io.Reader, take func(map[string]any)) error {
	pr, pw := io.Pipe()
	buf := bufio.NewWriter(pw)
	go relay(buf, pw, src) // want `write to pw blocks forever if decodeFails returns on line \d+ with pr open`
	dec := json.NewDecoder(bufio.NewReader(pr))
	for {
		var m map[string]any
		if err := dec.Decode(&m); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
		take(m)
	}
}

func relay(buf *bufio.Writer, c io.Closer, src io.Reader) {
	defer c.Close()
	defer buf.Flush()
	io.Copy(buf, src)
}

type console struct{ in io.Reader }

func (s *console) run() error { _, err := io.Copy(io.Discard, s.in); return err }

// The reader has another name, by which it is handed on only when all else is ready.
func attach(stdin io.Reader, prepare func() error) error {
	var in io.Reader
	if stdin != nil {
		r, w := io.Pipe()
		go func() {
			defer w.Close()
			io.Copy(w, stdin) // want `write to w blocks forever if attach returns on line \d+ with r open`
		}()
		in = r
	}
	if err := prepare(); err != nil {
		return err
	}
	s := &console{in: in}
	return s.run()
}
