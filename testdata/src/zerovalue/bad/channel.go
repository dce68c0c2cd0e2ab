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
