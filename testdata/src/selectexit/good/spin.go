package good

import (
	"runtime"
	"time"
)

func emptyDefault(jobs <-chan item, quit <-chan struct{}) {
	for {
		select {
		case it := <-jobs:
			it.work()
		case <-quit:
			return
		}
	}
}

func continueByDefault(jobs <-chan item, idle *bool) {
	for {
		select {
		case it := <-jobs:
			it.work()
		default:
			if *idle {
				time.Sleep(time.Millisecond)
				continue
			}
			item{}.work()
		}
	}
}

// A drain ends by its default.
func drain(jobs <-chan item) {
	for {
		select {
		case it := <-jobs:
			it.work()
			continue
		default:
			return
		}
	}
}

// As often as there are listeners, and no more.
func notify(wake []chan struct{}, n int) {
	for i := 0; i < n; i++ {
		select {
		case wake[i] <- struct{}{}:
		default:
		}
	}
}

func yields(jobs <-chan item) {
	for {
		select {
		case it := <-jobs:
			it.work()
		default:
			runtime.Gosched()
		}
	}
}

type feedOf interface {
	Jobs() <-chan item
	Failed() <-chan error
}

type intake struct {
	feed feedOf
	last item
}

func (in *intake) handle(it item) {
	if it != in.last {
		in.last = it
		it.work()
	}
}

// The select waits.
func (in *intake) forgetsLast(quit <-chan struct{}) error {
	for {
		select {
		case it := <-in.feed.Jobs():
			in.handle(it)
		case err := <-in.feed.Failed():
			return err
		case <-quit:
			return nil
		}
	}
}

// The flag that the default sets is looked at below.
func untilIdle(jobs <-chan item) {
	idle := false
	for !idle {
		select {
		case it := <-jobs:
			it.work()
		default:
			idle = true
		}
	}
}
