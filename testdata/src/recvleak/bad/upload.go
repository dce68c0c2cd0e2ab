package bad

import (
	"errors"
	"io"
)

func sendParts(parts <-chan []byte, put func([]byte)) {
	for p := range parts { // want `range over parts never ends if upload returns on line \d+`
		put(p)
	}
}

// A read that fails leaves the sender waiting.
func upload(r io.Reader, put func([]byte)) error {
	parts := make(chan []byte)
	go sendParts(parts, put)
	for {
		buf := make([]byte, 1<<16)
		n, err := r.Read(buf)
		if n > 0 {
			parts <- buf[:n]
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	close(parts)
	return nil
}
