package bad

import "net"

// Serve stops in its defer, and on the way out of the loop as well.
type acceptor struct {
	ln      net.Listener
	handle  func(net.Conn)
	stopped chan struct{}
}

func (a *acceptor) Serve(closed func(error) bool) error {
	defer a.Stop() // want `the call leads to a close of a\.stopped \(line \d+\), which panics: it is closed on line \d+, which runs before`
	for {
		conn, err := a.ln.Accept()
		if err != nil {
			if closed(err) {
				a.Stop()
				return nil
			}
			return err
		}
		a.handle(conn)
	}
}

func (a *acceptor) Stop() {
	_ = a.ln.Close()
	close(a.stopped)
}

// The last window is sent when the channel is closed already.
type window struct {
	start   int
	samples []int
}

func group(size int, in <-chan int, out chan<- window) {
	var cur window
	for at := range in {
		if start := at - at%size; start != cur.start {
			emit(cur, out)
			cur = window{start: start}
		}
		cur.samples = append(cur.samples, at)
	}
	close(out)
	emit(cur, out) // want `the call leads to a send on out \(line \d+\), which panics: it is closed on line \d+`
}

func emit(w window, out chan<- window) {
	if len(w.samples) > 0 {
		out <- w
	}
}

// The deferred close comes after the one at the end.
func list(names []string, out chan<- string) {
	defer close(out) // want `close of out panics: it is closed on line \d+, which runs before`
	for _, name := range names {
		out <- name
	}
	close(out)
}
