package bad

type worker struct {
	jobs chan func()
	done chan struct{}
}

func newWorker() *worker { return &worker{jobs: make(chan func())} }

func (w *worker) run() {
	for job := range w.jobs {
		job()
	}
	close(w.done) // want `close of w.done panics: the channel is nil and nothing in this package sets it; make it first`
}

func (w *worker) wait() { <-w.done }

type mailbox struct{ letters chan string }

// Nobody has made the channel: deliver hangs.
func (m *mailbox) deliver(s string) {
	m.letters <- s // want `send on m.letters blocks forever: the channel is nil and nothing in this package sets it; make it first`
}

func (m *mailbox) take() string {
	select {
	case s := <-m.letters:
		return s
	default:
		return ""
	}
}

// A checker offers its answer, and never to anybody: there is no channel.
type healthChecker struct {
	results chan error
	wake    chan struct{}
}

func newHealthChecker() *healthChecker { return &healthChecker{wake: make(chan struct{}, 1)} }

func (h *healthChecker) answer(err error) {
	select {
	case h.results <- err:
	default:
	}
}

func (h *healthChecker) check() error {
	select {
	case h.wake <- struct{}{}:
	default:
	}
	select {
	case err := <-h.results: // want `receive from h\.results blocks forever: the channel is nil and nothing in this package sets it; make it first`
		return err
	}
}

// Of two channels that nobody makes, none is ever ready.
type merger struct{ left, right chan int }

func (m *merger) next() int {
	select {
	case n := <-m.left: // want `receive from m\.left blocks forever: .*`
		return n
	case n := <-m.right: // want `receive from m\.right blocks forever: .*`
		return n
	}
}

// What is sent is received before the select looks at its cases.
type forwarder struct{ in, out chan int }

func newForwarder() *forwarder { return &forwarder{out: make(chan int, 1)} }

func (f *forwarder) step() {
	select {
	case f.out <- <-f.in: // want `receive from f\.in blocks forever: .*`
	default:
	}
}
