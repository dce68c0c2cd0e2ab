package good

import "time"

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
