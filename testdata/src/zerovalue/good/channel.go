package good

type worker struct {
	jobs chan func()
	done chan struct{}
}

func newWorker() *worker {
	return &worker{jobs: make(chan func()), done: make(chan struct{})}
}

func (w *worker) run() {
	for job := range w.jobs {
		job()
	}
	close(w.done)
}

func (w *worker) wait() { <-w.done }

type mailbox struct{ letters chan string }

func newMailbox() *mailbox { return &mailbox{make(chan string, 1)} }

func (m *mailbox) deliver(s string) {
	m.letters <- s
}

func (m *mailbox) take() string {
	select {
	case s := <-m.letters:
		return s
	default:
		return ""
	}
}

// A nil channel switches its case off.
type gate struct{ open, never chan int }

func newGate() *gate { return &gate{open: make(chan int, 1)} }

func (g *gate) next() int {
	select {
	case n := <-g.open:
		return n
	case n := <-g.never:
		return n
	}
}

// A checker makes the channel that it answers by.
type healthChecker struct {
	results chan error
	wake    chan struct{}
}

func newHealthChecker() *healthChecker {
	return &healthChecker{wake: make(chan struct{}, 1), results: make(chan error, 1)}
}

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
	case err := <-h.results:
		return err
	}
}

// One of the two is made, or there is something else to do.
type merger struct{ left, right chan int }

func newMerger() *merger { return &merger{left: make(chan int)} }

func (m *merger) next() int {
	select {
	case n := <-m.left:
		return n
	case n := <-m.right:
		return n
	}
}

type poller struct{ off chan int }

func (p *poller) next() int {
	select {
	case n := <-p.off:
		return n
	default:
		return 0
	}
}

type forwarder struct{ in, out chan int }

func newForwarder() *forwarder { return &forwarder{in: make(chan int), out: make(chan int, 1)} }

func (f *forwarder) step() {
	select {
	case f.out <- <-f.in:
	default:
	}
}

// A channel that is switched on by whoever asks if it is there.
type switchable struct{ events chan string }

func (o *switchable) wait() string {
	if o.events == nil {
		return ""
	}
	select {
	case e := <-o.events:
		return e
	}
}
