package good

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"
)

func digestHalf(src io.Reader) ([]byte, error) {
	pr, pw := io.Pipe()
	sum := make(chan []byte, 1)
	go func() {
		h := sha256.New()
		io.Copy(h, pr)
		sum <- h.Sum(nil)
	}()
	if _, err := io.Copy(pw, src); err != nil {
		pw.CloseWithError(err)
		return nil, err
	}
	pw.Close()
	return <-sum, nil
}

func logNothing(run func(io.Writer) error, ready bool, log func(string)) error {
	pr, pw := io.Pipe()
	defer pw.Close()
	go func() {
		sc := bufio.NewScanner(pr)
		for sc.Scan() {
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

// encode fails to write only when the reader has closed its end.
func encode(list []int, take func(io.Reader)) error {
	pr, pw := io.Pipe()
	go func() {
		defer pr.Close()
		take(pr)
	}()
	enc := json.NewEncoder(pw)
	for _, n := range list {
		if err := enc.Encode(n); err != nil {
			return err
		}
	}
	return pw.Close()
}

// digestText copies from memory: only the reader can end that early.
func digestText(text string) ([]byte, error) {
	pr, pw := io.Pipe()
	sum := make(chan []byte, 1)
	go func() {
		defer pr.Close()
		h := sha256.New()
		io.Copy(h, pr)
		sum <- h.Sum(nil)
	}()
	if _, err := io.Copy(pw, strings.NewReader(text)); err != nil {
		return nil, err
	}
	pw.Close()
	return <-sum, nil
}

func copyAndDigest(dst io.Writer, src io.Reader, digest func(io.Reader)) error {
	pr, pw := io.Pipe()
	var wg sync.WaitGroup
	wg.Go(func() {
		digest(pr)
	})
	tee := io.TeeReader(src, pw)
	if _, err := io.Copy(dst, tee); err != nil {
		pw.CloseWithError(err)
		return err
	}
	pw.Close()
	wg.Wait()
	return nil
}
