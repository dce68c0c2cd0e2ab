package bad

import "io"

// The next block is read into the memory that the receiver is looking at.
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
	buf := make([]byte, 4)
	for {
		k, err := r.Read(buf) // want `write of the elements of buf races with the read on line 12: buf was sent on line 25 to the goroutine that reads it; make a new one for each send`
		if err != nil {
			break
		}
		blocks <- buf[:k]
	}
	close(blocks)
	<-done
	return n
}
