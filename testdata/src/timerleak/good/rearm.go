package good

import "time"

type session struct {
	idle  *time.Timer
	limit time.Duration
	in    chan string
	ping  func()
	show  func(string)
}

// Reset does it alone.
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
	s.idle.Reset(s.limit)
}

// It is emptied only where the tick was not received.
type lease struct {
	renew *time.Timer
	limit time.Duration
	in    chan string
	ping  func()
	show  func(string)
}

func (l *lease) run() {
	for {
		select {
		case text, ok := <-l.in:
			if !ok {
				return
			}
			l.show(text)
			l.rearm()
		case <-l.renew.C:
			l.ping()
			l.renew.Reset(l.limit)
		}
	}
}

func (l *lease) rearm() {
	if !l.renew.Stop() {
		<-l.renew.C
	}
	l.renew.Reset(l.limit)
}

// The method is told.
type watch struct {
	timer *time.Timer
	limit time.Duration
	in    chan string
}

func (w *watch) run() {
	for {
		fired := false
		select {
		case _, ok := <-w.in:
			if !ok {
				return
			}
		case <-w.timer.C:
			fired = true
		}
		w.rearm(fired)
	}
}

func (w *watch) rearm(fired bool) {
	if !fired && !w.timer.Stop() {
		<-w.timer.C
	}
	w.timer.Reset(w.limit)
}

// The timer runs again when it is emptied.
type metronome struct {
	timer *time.Timer
	limit time.Duration
	work  func()
}

func (p *metronome) run() {
	<-p.timer.C
	p.again()
	p.work()
	p.stop()
}

func (p *metronome) again() { p.timer.Reset(p.limit) }

func (p *metronome) stop() {
	if !p.timer.Stop() {
		<-p.timer.C
	}
}
