// Package spare knows that there is room for all before it sends.
package spare

type W struct {
	events chan int
	quit   chan struct{}
}

func New(poll func() []int) *W {
	w := &W{make(chan int, 32), make(chan struct{})}
	go func() {
		for w.deliver(poll()) {
		}
		close(w.events)
	}()
	return w
}

func (w *W) deliver(list []int) bool {
	if len(list) <= cap(w.events)-len(w.events) {
		for _, c := range list {
			w.events <- c // the only sender
		}
		return true
	}
	for _, c := range list {
		select {
		case w.events <- c:
		case <-w.quit:
			return false
		}
	}
	return true
}

func (w *W) Events() <-chan int { return w.events }
func (w *W) Close()             { close(w.quit) }
