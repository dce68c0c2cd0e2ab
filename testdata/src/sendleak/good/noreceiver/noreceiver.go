// Package good has a worker whose lines are received, or have room.
package good

// A Worker says what it does to who asks.
type Worker struct {
	lines chan string
	first chan string
}

func New(n int) *Worker {
	w := &Worker{lines: make(chan string), first: make(chan string, 1)}
	w.first <- "made"
	for range n {
		go w.run()
	}
	return w
}

func (w *Worker) run() { w.lines <- "started" }

// Lines are what it says.
func (w *Worker) Lines() <-chan string { return w.lines }
