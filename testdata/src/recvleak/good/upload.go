package good

import (
	"errors"
	"io"
)

func sendParts(parts <-chan []byte, put func([]byte)) {
	for p := range parts {
		put(p)
	}
}

// The channel is closed also when a read fails.
func upload(r io.Reader, put func([]byte)) error {
	parts := make(chan []byte)
	defer close(parts)
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
	return nil
}
