package good

import "io"

func lineLengths(r io.Reader) (n int) {
	blocks := make(chan []byte)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for b := range blocks {
			for _, c := range b {
				if c == '\n' {
					n++
				}
			}
		}
	}()
	for {
		buf := make([]byte, 4)
		k, err := r.Read(buf)
		if err != nil {
			break
		}
		blocks <- buf[:k]
	}
	close(blocks)
	<-done
	return n
}

// The receiver gives back what it has read.
func withSpare(r io.Reader) (n int) {
	blocks, spare := make(chan []byte), make(chan []byte, 2)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for b := range blocks {
			n += int(b[0])
			spare <- b
		}
	}()
	spare <- make([]byte, 4)
	spare <- make([]byte, 4)
	for {
		buf := <-spare
		k, err := r.Read(buf)
		if err != nil {
			break
		}
		blocks <- buf[:k]
	}
	close(blocks)
	<-done
	return n
}
