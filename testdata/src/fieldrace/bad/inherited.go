package bad

import "time"

// ticker counts in a goroutine that Start starts.
type ticking struct {
	n    int
	last time.Time
	quit chan struct{}
}

func (t *ticking) Start() {
	t.quit = make(chan struct{})
	go t.run()
}

func (t *ticking) run() {
	for {
		select {
		case <-t.quit:
			return
		case now := <-time.After(time.Second):
			t.n++        // want `write of t.n races with the read on line 34: nothing on the way there waits for the goroutine of line 14`
			t.last = now // want `write of t.last races with the write on line 47`
		}
	}
}

// What the goroutine counts is read while it counts.
func countTicks() int {
	t := new(ticking)
	t.Start()
	time.Sleep(time.Minute)
	n := t.n
	close(t.quit)
	return n
}

func newTicking() *ticking {
	t := &ticking{quit: make(chan struct{})}
	go t.run()
	return t
}

func since() *ticking {
	t := newTicking()
	t.last = time.Now()
	return t
}

// daemon says that it has started before all of it is there.
type daemon struct {
	ended chan struct{}
	pid   int
}

func (d *daemon) launch(run func() (int, error)) error {
	started := make(chan error)
	go func() {
		pid, err := run()
		d.pid = pid
		started <- err
		if err == nil {
			d.ended = make(chan struct{}) // want `write of d.ended races with the read on line \d+: nothing on the way there waits for the goroutine of line \d+; guard both by a mutex`
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
