package bad

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"io"
	"sync"
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

// What is copied is digested on the way, until the copy fails.
func copyAndDigest(dst io.Writer, src io.Reader, digest func(io.Reader)) error {
	pr, pw := io.Pipe()
	var wg sync.WaitGroup
	wg.Go(func() {
		digest(pr) // want `read from pr never ends if copyAndDigest returns on line \d+ with pw open`
	})
	tee := io.TeeReader(src, pw)
	if _, err := io.Copy(dst, tee); err != nil {
		return err
	}
	pw.Close()
	wg.Wait()
	return nil
}
