package bad

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"time"
)

// A server has its channel in a field.
type server struct {
	sigs chan os.Signal
	done chan struct{}
}

// unbufferedField makes it without room: Notify does not wait for a receiver.
func unbufferedField() *server {
	return &server{sigs: make(chan os.Signal), done: make(chan struct{})}
}

func (s *server) run() {
	signal.Notify(s.sigs, os.Interrupt) // want `a signal sent to s.sigs may be missed when nobody is receiving just then: it has no room \(line \d+\); make it with room for one`
	defer signal.Stop(s.sigs)
	select {
	case <-s.sigs:
	case <-s.done:
	}
}

// unbufferedLater makes it after the declaration.
func unbufferedLater(work func()) {
	var c chan os.Signal
	c = make(chan os.Signal)
	signal.Notify(c, os.Interrupt) // want `a signal sent to c may be missed when nobody is receiving just then`
	defer signal.Stop(c)
	work()
	<-c
}

// notifyParam gets its channel from a caller in the package.
func notifyParam(c chan os.Signal) {
	signal.Notify(c, os.Interrupt) // want `a signal sent to c may be missed when nobody is receiving just then`
}

func callsNotifyParam(work func()) {
	c := make(chan os.Signal)
	notifyParam(c)
	defer signal.Stop(c)
	work()
	<-c
}

// stopAfterWork leaves the channel behind when the work fails: the next Ctrl-C
// goes there.
func stopAfterWork(work func(<-chan os.Signal) error) error {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt) // want `c still catches signals after the return on line \d+, where nobody receives them: they no longer end the process; defer signal.Stop\(c\)`
	for range 3 {
		select {
		case <-c:
			signal.Stop(c)
			return nil
		default:
		}
		if err := work(nil); err != nil {
			return err
		}
	}
	signal.Stop(c)
	return nil
}

// stopOnOnePath forgets it when done comes first.
func stopOnOnePath(done <-chan struct{}) bool {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt) // want `c still catches signals after the return on line \d+`
	select {
	case <-c:
		signal.Stop(c)
		return true
	case <-done:
		return false
	}
}

// A daemon catches signals and never looks.
type daemon struct{ hup chan os.Signal }

func newDaemon() *daemon {
	d := &daemon{hup: make(chan os.Signal, 1)}
	signal.Notify(d.hup, os.Interrupt) // want `signals sent to d.hup are never received, and no longer end the process; receive from it, or use signal.Ignore`
	return d
}

func (d *daemon) close() { signal.Stop(d.hup) }

// discardStop cannot give the signals back.
func discardStop(work func(context.Context)) {
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt) // want `the stop function of NotifyContext is discarded: signals are caught for ever and a second one does not end the process; keep and defer it`
	work(ctx)
}

// confirm asks, and its caller goes on: from then on Ctrl-C does nothing.
func confirm(grace time.Duration, ask func() bool) (bool, error) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt) // want `c still catches signals after the return on line \d+, where nobody receives them: they no longer end the process; defer signal.Stop\(c\)`
	t := time.NewTimer(grace)
	defer t.Stop()
	select {
	case <-c:
		return false, errors.New("interrupted")
	case <-t.C:
	}
	return ask(), nil
}

// interrupted looks for a signal for a while.
func interrupted(d time.Duration) bool {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt) // want `c still catches signals after the return on line \d+, where nobody receives them: they no longer end the process; defer signal.Stop\(c\)`
	select {
	case <-c:
		return true
	case <-time.After(d):
		return false
	}
}
