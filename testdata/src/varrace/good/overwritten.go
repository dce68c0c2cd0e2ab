package good

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"sync"
)

// A buffer for each packet.
func servePackets(conn net.PacketConn, handle func([]byte, net.Addr)) error {
	for {
		buf := make([]byte, 1500)
		n, addr, err := conn.ReadFrom(buf)
		if err != nil {
			return err
		}
		go handle(buf[:n], addr)
	}
}

// A copy of what was read.
func copyPackets(conn net.PacketConn, handle func([]byte, net.Addr)) error {
	buf := make([]byte, 1500)
	for {
		n, addr, err := conn.ReadFrom(buf)
		if err != nil {
			return err
		}
		go handle(bytes.Clone(buf[:n]), addr)
	}
}

func countLines(p []byte) int { return bytes.Count(p, []byte("\n")) }

// The next block is read when the goroutines are done with this one.
func inTurn(r io.Reader, add func(int)) {
	var buf [4096]byte
	for {
		n, err := r.Read(buf[:])
		if err != nil {
			return
		}
		var wg sync.WaitGroup
		block := buf[:n]
		wg.Go(func() { add(countLines(block)) })
		wg.Go(func() { add(len(block)) })
		wg.Wait()
	}
}

// The one slot is given back when the buffer is free again.
func oneSlot(r io.Reader, add func(int)) {
	slot := make(chan struct{}, 1)
	buf := make([]byte, 4096)
	for {
		slot <- struct{}{}
		n, err := r.Read(buf)
		if err != nil {
			return
		}
		go func() {
			add(countLines(buf[:n]))
			<-slot
		}()
	}
}

// The goroutine has the string, which is a copy.
func eachLine(r io.Reader, f func(string)) {
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		line := string(sc.Bytes())
		go func() { f(line) }()
	}
}

// The last read ends the loop.
func lastBlock(r io.Reader, f func([]byte)) {
	buf := make([]byte, 4096)
	for {
		n, err := r.Read(buf)
		if err != nil {
			go f(buf[:n])
			return
		}
	}
}

// Each half has its own part.
func firstHalf(r io.Reader, f func([]byte)) error {
	buf := make([]byte, 4096)
	if _, err := io.ReadFull(r, buf[:2048]); err != nil {
		return err
	}
	go f(buf[:2048])
	_, err := io.ReadFull(r, buf[2048:])
	return err
}

// Only the length is taken.
func sizes(r io.Reader, f func(int)) {
	buf := make([]byte, 4096)
	for {
		n, err := r.Read(buf)
		if err != nil {
			return
		}
		part := buf[:n]
		go func() { f(len(part)) }()
	}
}

// The receiver says when it is done.
func answered(r io.Reader, f func(string)) {
	out, done := make(chan []byte), make(chan struct{})
	defer close(out)
	go func() {
		for l := range out {
			f(string(l))
			done <- struct{}{}
		}
	}()
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		out <- sc.Bytes()
		<-done
	}
}

// Each round waits for the one before, which there is none of in the first.
func roundByRound(r io.Reader, f func([]byte)) error {
	buf := make([]byte, 4096)
	var prev chan struct{}
	for {
		if prev != nil {
			<-prev
		}
		n, err := r.Read(buf)
		if err != nil {
			return err
		}
		done := make(chan struct{})
		prev = done
		go func() {
			defer close(done)
			f(buf[:n])
		}()
	}
}

// As many answers as there are goroutines.
func counted(r io.Reader, fs []func([]byte)) error {
	buf := make([]byte, 4096)
	done := make(chan struct{})
	running := 0
	for {
		for running > 0 {
			<-done
			running--
		}
		n, err := r.Read(buf)
		if err != nil {
			return err
		}
		for _, f := range fs {
			running++
			go func() {
				f(buf[:n])
				done <- struct{}{}
			}()
		}
	}
}

// The goroutine gives the lock back.
func handedLock(r io.Reader, f func([]byte)) error {
	var mu sync.Mutex
	buf := make([]byte, 4096)
	for {
		mu.Lock()
		n, err := r.Read(buf)
		if err != nil {
			mu.Unlock()
			return err
		}
		go func() {
			defer mu.Unlock()
			f(buf[:n])
		}()
	}
}

// A semaphore that is filled up waits for all.
func filledUp(r io.Reader, fs []func([]byte)) error {
	sem := make(chan struct{}, 3)
	buf := make([]byte, 4096)
	for {
		n, err := r.Read(buf)
		if err != nil {
			return err
		}
		for _, f := range fs {
			sem <- struct{}{}
			go func() {
				defer func() { <-sem }()
				f(buf[:n])
			}()
		}
		for range cap(sem) {
			sem <- struct{}{}
		}
		for range cap(sem) {
			<-sem
		}
	}
}

// The method value waits.
func waitValue(r io.Reader, f func([]byte)) error {
	buf := make([]byte, 4096)
	wait := func() {}
	for {
		wait()
		n, err := r.Read(buf)
		if err != nil {
			return err
		}
		var wg sync.WaitGroup
		wg.Go(func() { f(buf[:n]) })
		wait = wg.Wait
	}
}
