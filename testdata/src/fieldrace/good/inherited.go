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

const (
	fresh = iota
	reading
	ended
)

// streamed knows by its state that the goroutine which drains is the last that it starts.
type streamed struct {
	state  int
	stream chan int
	last   int
}

func (d *streamed) next(connect func() chan int) bool {
	for {
		switch d.state {
		case fresh:
			d.stream = connect()
			d.set(reading)
		case reading:
			d.receive()
			return true
		default:
			return false
		}
	}
}

func (d *streamed) receive() {
	n, ok := <-d.stream
	if !ok {
		go drain(d)
		d.set(ended)
		return
	}
	d.last = n
}

func drain(d *streamed) {
	for range d.stream {
	}
}

func (d *streamed) set(state int) { d.state = state }

type daemon struct {
	ended chan struct{}
	pid   int
}

func (d *daemon) launch(run func() (int, error)) error {
	started := make(chan error)
	go func() {
		pid, err := run()
		d.pid = pid
		if err == nil {
			d.ended = make(chan struct{})
		}
		started <- err
		if err == nil {
			close(d.ended)
		}
	}()
	return <-started
}

func (d *daemon) watch(run func() (int, error)) int {
	if err := d.launch(run); err != nil {
		return 0
	}
	if d.ended != nil {
		<-d.ended
	}
	return d.pid
}
