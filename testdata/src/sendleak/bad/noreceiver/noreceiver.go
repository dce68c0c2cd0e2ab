// Package bad has a worker whose lines nobody receives.
package bad

// A Worker says what it does.
type Worker struct{ lines chan string }

// New makes one.
func New() *Worker { return &Worker{lines: make(chan string)} }

// Log says a line.
func (w *Worker) Log(line string) {
	w.lines <- line // want `^send on w.lines blocks forever: nothing in the package receives from a channel of this field \(it is made, with no room, on line 8\)$`
}
