package bad

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"sync"
)

// The goroutine of a packet reads what the next one leaves in the buffer.
func servePackets(conn net.PacketConn, handle func([]byte, net.Addr)) error {
	buf := make([]byte, 1500)
	for {
		n, addr, err := conn.ReadFrom(buf) // want `this overwrites the buffer buf, which the goroutine started on line 19 can still be reading; give each goroutine a copy of its own`
		if err != nil {
			return err
		}
		go handle(buf[:n], addr)
	}
}

func countLines(p []byte) int { return bytes.Count(p, []byte("\n")) }

// A semaphore bounds the goroutines, and does not keep the buffer for them.
func serveBlocks(r io.Reader, add func(int)) {
	var wg sync.WaitGroup
	defer wg.Wait()
	slots := make(chan struct{}, 9)
	var buf [4096]byte
	for {
		n, err := r.Read(buf[:]) // want `this overwrites the buffer buf, which the goroutine started on line 38 can still be reading`
		if err != nil {
			return
		}
		block := buf[:n]
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			add(countLines(block))
		})
	}
}

// What Bytes returns is valid until the next Scan.
func eachLine(r io.Reader, f func([]byte)) {
	sc := bufio.NewScanner(r)
	for sc.Scan() { // want `this overwrites what sc.Bytes returned, which the goroutine started on line 50 can still be reading`
		line := sc.Bytes()
		go func() { f(line) }()
	}
}

// The same for who receives it.
func lines(r io.Reader, f func(string)) {
	out := make(chan []byte, 16)
	defer close(out)
	go func() {
		for l := range out {
			f(string(l))
		}
	}()
	sc := bufio.NewScanner(r)
	for sc.Scan() { // want `this overwrites what sc.Bytes returned, which the goroutine started on line 58 can still be reading`
		out <- sc.Bytes()
	}
}
