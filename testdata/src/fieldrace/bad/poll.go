package bad

import (
	"runtime"
	"time"
)

// spinner spins until it is told to stop.
type spinner struct {
	stop  bool
	ready bool
	queue []int
	state int
}

func startSpinner() *spinner {
	w := &spinner{state: 1}
	go w.run()
	return w
}

func (w *spinner) run() {
	w.ready = true
	for !w.stop { // want `the loop waits for w.stop by plain reads, which race with the write on line \d+ and need never see it; use sync/atomic or a channel`
	}
}

// Stop need never be seen.
func (w *spinner) Stop() { w.stop = true }

// WaitReady is called by who starts the worker.
func (w *spinner) WaitReady() {
	for {
		if w.ready { // want `read of w.ready races with the write on line \d+`
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func (w *spinner) Push(x int) { w.queue = append(w.queue, x) }

func (w *spinner) Next() int {
	for len(w.queue) == 0 { // want `the loop waits for w.queue by plain reads, which race with the write on line \d+ and need never see it`
		runtime.Gosched()
	}
	return w.queue[0]
}

func (w *spinner) settle() {
	for w.state != 0 && !w.stop { // want `the loop waits for w.(state|stop) by plain reads`
		<-time.After(time.Millisecond)
	}
}

func (w *spinner) Settle() { w.settle() }

func (w *spinner) Idle() { w.state = 0 }

var shutdown bool

func Shutdown() { shutdown = true }

func AwaitShutdown() {
	for !shutdown { // want `the loop waits for shutdown by plain reads`
		time.Sleep(time.Second)
	}
}
