package good

import "net"

// Serve stops in its defer, and on the way out of the loop as well.
type acceptor struct {
	ln      net.Listener
	handle  func(net.Conn)
	stopped chan struct{}
}

func (a *acceptor) Serve(closed func(error) bool) error {
	defer a.Stop()
	for {
		conn, err := a.ln.Accept()
		if err != nil {
			if closed(err) {
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
	emit(cur, out)
	close(out)
}

func emit(w window, out chan<- window) {
	if len(w.samples) > 0 {
		out <- w
	}
}

// The deferred close comes after the one at the end.
func list(names []string, out chan<- string) {
	defer close(out)
	for _, name := range names {
		out <- name
	}
}

// A flag says that it is closed.
type feed struct {
	out    chan string
	closed bool
}

func (f *feed) end() {
	f.shut()
	f.shut()
	f.put("bye")
}

func (f *feed) shut() {
	if f.closed {
		return
	}
	f.closed = true
	close(f.out)
}

func (f *feed) put(line string) {
	if !f.closed {
		f.out <- line
	}
}

// The channel is a new one after the close.
func (f *feed) restart() {
	close(f.out)
	f.open()
	f.out <- "again"
	close(f.out)
}

func (f *feed) open() { f.out = make(chan string, 1) }

// One of the two closes, and the other does not.
func (f *feed) either(early bool) {
	if early {
		close(f.out)
	} else {
		f.out <- "late"
		close(f.out)
	}
}

// Each turn has a channel of its own.
func rounds(all []chan int) {
	for _, ch := range all {
		ch <- 1
		close(ch)
	}
}

// It is closed twice on purpose.
func mayBeClosed(ch chan int) {
	defer func() { _ = recover() }()
	close(ch)
}

func closeAgain(ch chan int) {
	mayBeClosed(ch)
	mayBeClosed(ch)
}
