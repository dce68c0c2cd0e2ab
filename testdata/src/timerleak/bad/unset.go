package bad

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

// run stops refreshing after the first failure, and goes on as if nothing was wrong.
func (r *refresher) run(done <-chan struct{}, show func()) {
	for {
		select {
		case <-r.timer.C:
			next, err := r.load()
			if err != nil {
				log.Printf("cannot refresh: %v", err)
				continue // want `r.timer has fired, and nobody starts it again after this continue: <-r.timer.C is never ready any more; Reset it before, as on line \d+`
			}
			show()
			r.timer.Reset(next)
		case <-done:
			return
		}
	}
}

// beat never comes back from the second receive.
func beat(send func() error) {
	timer := time.NewTimer(time.Second)
	for {
		<-timer.C
		err := send()
		if err != nil {
			log.Print(err)
			continue // want `timer has fired, and nobody starts it again after this continue: <-timer.C blocks forever; Reset it before, as on line \d+`
		}
		timer.Reset(time.Second)
	}
}

// A priceLoop has a timer of its own.
type priceLoop struct {
	timer *time.Timer
	load  func() (time.Duration, error)
}

// poll leaves the select, which comes to the same.
func (r *priceLoop) poll(done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		case <-r.timer.C:
			next, err := r.load()
			if err != nil {
				log.Print(err)
				break // want `r.timer has fired, and nobody starts it again after this break: <-r.timer.C is never ready any more`
			}
			r.timer.Reset(next)
		}
	}
}
