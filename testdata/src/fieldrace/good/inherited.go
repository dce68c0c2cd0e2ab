package good

import "time"

// ticker counts in a goroutine that Start starts.
type ticking struct {
	n    int
	last time.Time
	quit chan struct{}
	done chan struct{}
}

func (t *ticking) Start() {
	t.quit, t.done = make(chan struct{}), make(chan struct{})
	go t.run()
}

func (t *ticking) run() {
	defer close(t.done)
	for {
		select {
		case <-t.quit:
			return
		case now := <-time.After(time.Second):
			t.n++
			t.last = now
		}
	}
}

// What the goroutine counts is read while it counts.
func countTicks() int {
	t := new(ticking)
	t.Start()
	time.Sleep(time.Minute)
	close(t.quit)
	<-t.done
	return t.n
}

func newTicking(last time.Time) *ticking {
	t := &ticking{quit: make(chan struct{}), done: make(chan struct{}), last: last}
	go t.run()
	return t
}

func since() *ticking {
	return newTicking(time.Now())
}
