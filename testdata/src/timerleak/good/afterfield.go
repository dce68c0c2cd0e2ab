package good

import (
	"math"
	"time"
)

type saver struct {
	delay time.Duration
	alarm *time.Timer
	save  func()
}

// There is no channel to be emptied.
func (s *saver) touch() {
	if s.alarm == nil {
		s.alarm = time.AfterFunc(s.delay, s.save)
		return
	}
	s.alarm.Stop()
	s.alarm.Reset(s.delay)
}

func (s *saver) close() {
	s.alarm.Stop()
	s.alarm = nil
}

type pacer struct {
	timer *time.Timer
}

func withFunc(f func()) *pacer { return &pacer{timer: time.AfterFunc(time.Second, f)} }

func withChannel() *pacer { return &pacer{timer: time.NewTimer(time.Second)} }

// Some of the timers have a channel.
func (p *pacer) wait() { <-p.timer.C }

type token struct{ timer *time.Timer }

func byFunc(f func()) token { return token{timer: time.AfterFunc(time.Second, f)} }

func byOrder() token { return token{time.NewTimer(time.Second)} }

func (t token) wait() { <-t.timer.C }

// wire has a timer that is made stopped: it is set so far ahead that Stop always finds it running.
type wire struct {
	limit *time.Timer
	cut   func()
}

func newWire(cut func()) *wire {
	w := &wire{cut: cut}
	w.limit = time.AfterFunc(math.MaxInt64, w.cut)
	if !w.limit.Stop() {
		<-w.limit.C
	}
	return w
}

func (w *wire) within(d time.Duration) { w.limit.Reset(d) }

var _ = newWire
