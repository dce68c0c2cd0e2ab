package bad

import "time"

type session struct {
	idle  *time.Timer
	limit time.Duration
	in    chan string
	ping  func()
	show  func(string)
}

// After a tick there is nothing left to empty, and nothing comes.
func (s *session) run() {
	s.idle = time.NewTimer(s.limit)
	defer s.idle.Stop()
	for {
		select {
		case text, ok := <-s.in:
			if !ok {
				return
			}
			s.show(text)
		case <-s.idle.C:
			s.ping()
		}
		s.rearm()
	}
}

func (s *session) rearm() {
	if !s.idle.Stop() {
		<-s.idle.C // want `<-s\.idle\.C blocks forever after the receive on line \d+, from where rearm is called: Stop returns false and the channel is empty; do not drain there`
	}
	s.idle.Reset(s.limit)
}
