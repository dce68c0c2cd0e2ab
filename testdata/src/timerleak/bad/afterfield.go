package bad

import "time"

type saver struct {
	delay time.Duration
	alarm *time.Timer
	save  func()
}

func (s *saver) touch() {
	if s.alarm == nil {
		s.alarm = time.AfterFunc(s.delay, s.save)
		return
	}
	if !s.alarm.Stop() {
		<-s.alarm.C // want `<-s\.alarm\.C blocks forever: a timer of time\.AfterFunc \(line \d+\) has no channel; let its function signal`
	}
	s.alarm.Reset(s.delay)
}

func (s *saver) close() {
	s.alarm.Stop()
	s.alarm = nil
}
