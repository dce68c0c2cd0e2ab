// Package limits holds what the check does not see.
package limits

import (
	"context"
	"log"
	"time"
)

type watcher struct{ events chan int }

func (w *watcher) results() <-chan int { return w.events }

func (w *watcher) stop() { close(w.events) }

// The channel comes from a method, which may return another one each time.
func fromMethod(w *watcher) {
	for {
		select {
		case e := <-w.results():
			log.Print("event ", e)
		}
	}
}

// The case leaves when the send fails, so not always.
func leavesSometimes(events chan int, send func(int) error) {
	go func() { close(events) }()
	for {
		select {
		case e := <-events:
			if send(e) != nil {
				return
			}
		}
	}
}

// A call in the default may wait: what it does is not looked at.
func busyCall(quit <-chan struct{}, length func() int) {
	for {
		select {
		case <-quit:
			return
		default:
			if length() > 0 {
				log.Print("work")
			}
		}
	}
}

// The duration is not known.
func unknownTimeout(ready func() bool, timeout time.Duration) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for !ready() {
		select {
		case <-ticker.C:
		case <-time.After(timeout):
			return
		}
	}
}

// The goroutine may be meant to outlive the context.
func ignoresContext(ctx context.Context, jobs <-chan func(context.Context)) {
	go func() {
		for {
			select {
			case job := <-jobs:
				job(ctx)
			}
		}
	}()
}
