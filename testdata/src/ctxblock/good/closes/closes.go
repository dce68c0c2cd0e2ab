// Package closes ends its goroutine, and then closes what others send to: a late call panics, as its
// documentation says, and does not hang.
package closes

import "context"

// A Writer writes in the background.
type Writer struct {
	lines chan string
	stop  chan struct{}
	done  chan struct{}
}

// New starts one.
func New(write func(string)) *Writer {
	w := &Writer{lines: make(chan string), stop: make(chan struct{}), done: make(chan struct{})}
	go w.run(write)
	return w
}

func (w *Writer) run(write func(string)) {
	defer close(w.done)
	for {
		select {
		case l := <-w.lines:
			write(l)
		case <-w.stop:
			return
		}
	}
}

// Write must not be called after Close.
func (w *Writer) Write(_ context.Context, line string) { w.lines <- line }

// Close must be called once.
func (w *Writer) Close() {
	close(w.stop)
	<-w.done
	close(w.lines)
}
