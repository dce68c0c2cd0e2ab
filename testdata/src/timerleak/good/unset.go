package good

import (
	"log"
	"time"
)

// A refresher does its work from time to time.
type refresher struct {
	timer *time.Timer
	load  func() (time.Duration, error)
}

func newRefresher(load func() (time.Duration, error)) *refresher {
	return &refresher{timer: time.NewTimer(0), load: load}
}

// run tries again later.
func (r *refresher) run(done <-chan struct{}, show func()) {
	for {
		select {
		case <-r.timer.C:
			next, err := r.load()
			if err != nil {
				log.Printf("cannot refresh: %v", err)
				r.timer.Reset(time.Minute)
				continue
			}
			show()
			r.timer.Reset(next)
		case <-done:
			return
		}
	}
}

// beat starts the timer first of all.
func beat(send func() error) {
	timer := time.NewTimer(time.Second)
	for {
		<-timer.C
		timer.Reset(time.Second)
		err := send()
		if err != nil {
			log.Print(err)
			continue
		}
		timer.Reset(2 * time.Second)
	}
}

// A flusher waits for more, which starts the timer.
type flusher struct {
	timer *time.Timer
	in    chan string
}

// collect need not start the timer again after a failure: the next line does.
func (f *flusher) collect(flush func() (bool, error)) {
	f.timer = time.NewTimer(time.Hour)
	for {
		select {
		case <-f.in:
			f.timer.Reset(time.Second)
		case <-f.timer.C:
			more, err := flush()
			if err != nil {
				log.Print(err)
				continue
			}
			if more {
				f.timer.Reset(time.Second)
			}
		}
	}
}

// A waker's timer is started by others, too.
type waker struct{ timer *time.Timer }

func (w *waker) wake() { w.timer.Reset(0) }

func (w *waker) run(work func() error) {
	w.timer = time.NewTimer(time.Hour)
	for range w.timer.C {
		for {
			<-w.timer.C
			err := work()
			if err != nil {
				log.Print(err)
				continue
			}
			w.timer.Reset(time.Hour)
		}
	}
}

// tick has a ticker, which goes on by itself.
func tick(work func() (time.Duration, error)) {
	ticker := time.NewTicker(time.Second)
	for {
		<-ticker.C
		d, err := work()
		if err != nil {
			log.Print(err)
			continue
		}
		ticker.Reset(d)
	}
}

// giveUp does no more work after three failures, and says so.
func giveUp(done <-chan struct{}, work func() error, failed chan<- error) {
	timer := time.NewTimer(time.Second)
	for {
		select {
		case <-timer.C:
			err := work()
			if err != nil {
				failed <- err
				continue
			}
			timer.Reset(time.Second)
		case <-done:
			return
		}
	}
}

// A priceLoop has a timer of its own.
type priceLoop struct {
	timer *time.Timer
	load  func() (time.Duration, error)
}

// poll leaves the select only.
func (r *priceLoop) poll(done <-chan struct{}) {
	for {
		d := time.Minute
		select {
		case <-done:
			return
		case <-r.timer.C:
			next, err := r.load()
			if err != nil {
				log.Print(err)
				break
			}
			d = next
		}
		r.timer.Reset(d)
	}
}

// A runner whose schedule has come to its end goes on with what it is asked for.
type runner struct {
	timer *time.Timer
	now   chan func()
	quit  chan struct{}
}

func newRunner(first time.Duration) *runner {
	return &runner{timer: time.NewTimer(first), now: make(chan func()), quit: make(chan struct{})}
}

func (r *runner) loop(next func(time.Time) (time.Duration, error), job func()) {
	for {
		select {
		case t := <-r.timer.C:
			job()
			d, err := next(t)
			if err != nil {
				log.Printf("no more turns: %v", err)
				continue
			}
			r.timer.Reset(d)
		case f := <-r.now:
			f()
		case <-r.quit:
			return
		}
	}
}
