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
