package bad

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"io"
)

// The source cannot be read, and the digest waits for more.
func digestHalf(src io.Reader) ([]byte, error) {
	pr, pw := io.Pipe()
	sum := make(chan []byte, 1)
	go func() {
		h := sha256.New()
		io.Copy(h, pr) // want `read from pr never ends if digestHalf returns on line \d+ with pw open; close pw by CloseWithError on every path`
		sum <- h.Sum(nil)
	}()
	if _, err := io.Copy(pw, src); err != nil {
		return nil, err
	}
	pw.Close()
	return <-sum, nil
}

// Nothing is written to the log at all.
func logNothing(run func(io.Writer) error, ready bool, log func(string)) error {
	pr, pw := io.Pipe()
	go func() {
		sc := bufio.NewScanner(pr)
		for sc.Scan() { // want `read from pr never ends if logNothing returns on line \d+ with pw open`
			log(sc.Text())
		}
	}()
	if !ready {
		return errors.New("not ready")
	}
	err := run(pw)
	pw.CloseWithError(err)
	return err
}
