package good

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"time"
)

type server struct {
	sigs chan os.Signal
	done chan struct{}
}

func unbufferedField() *server {
	return &server{sigs: make(chan os.Signal, 1), done: make(chan struct{})}
}

func (s *server) run() {
	signal.Notify(s.sigs, os.Interrupt)
	defer signal.Stop(s.sigs)
	select {
	case <-s.sigs:
	case <-s.done:
	}
}

func unbufferedLater(work func()) {
	var c chan os.Signal
	c = make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	defer signal.Stop(c)
	work()
	<-c
}

func notifyParam(c chan os.Signal) {
	signal.Notify(c, os.Interrupt)
}

func callsNotifyParam(work func()) {
	c := make(chan os.Signal, 1)
	notifyParam(c)
	defer signal.Stop(c)
	work()
	<-c
}

func stopAfterWork(work func(<-chan os.Signal) error) error {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	defer signal.Stop(c)
	for range 3 {
		select {
		case <-c:
			return nil
		default:
		}
		if err := work(nil); err != nil {
			return err
		}
	}
	return nil
}

// shutDown returns because the process is to end.
func shutDown(ctx context.Context, cancel func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	select {
	case <-c:
		cancel()
	case <-ctx.Done():
	}
}

func stopOnOnePath(done <-chan struct{}) bool {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	select {
	case <-c:
		signal.Stop(c)
		return true
	case <-done:
		signal.Stop(c)
		return false
	}
}

type daemon struct{ hup chan os.Signal }

func newDaemon() *daemon {
	d := &daemon{hup: make(chan os.Signal, 1)}
	signal.Notify(d.hup, os.Interrupt)
	return d
}

func (d *daemon) serve(reload func()) {
	for range d.hup {
		reload()
	}
}

func (d *daemon) close() { signal.Stop(d.hup) }

func discardStop(work func(context.Context)) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	work(ctx)
}

// inGoroutine is served as long as the process lives.
func inGoroutine(reload func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	go func() {
		for range c {
			reload()
		}
	}()
}

// handedOut is the caller's.
func handedOut() <-chan os.Signal {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	return c
}

// forAllTime never leaves the loop: nobody closes the channel.
func forAllTime(reload func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	for range c {
		reload()
	}
}

// The signal must not end the process while this works; nobody needs to know of it.
func heldOff(work func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	defer signal.Stop(c)
	work()
}

// Its children are to have the signal's default, which signal.Ignore would take away.
func swallow() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
}

// confirm gives the signal back.
func confirm(grace time.Duration, ask func() bool) (bool, error) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	defer signal.Stop(c)
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
	signal.Notify(c, os.Interrupt)
	defer signal.Stop(c)
	select {
	case <-c:
		return true
	case <-time.After(d):
		return false
	}
}

// serve returns when it is to end, or could not begin.
func serve(ctx context.Context, listen func() error, stop func() error) error {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	if err := listen(); err != nil {
		return err
	}
	select {
	case <-c:
	case <-ctx.Done():
		return nil
	}
	return stop()
}

// poll is the loop of a process.
func poll(running func() bool, step func()) error {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	for running() {
		select {
		case <-c:
			return nil
		default:
			step()
		}
	}
	return nil
}

// exitOn ends the process.
func exitOn(work func() int) int {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	n := work()
	select {
	case <-c:
		os.Exit(n)
	case <-time.After(time.Second):
		os.Exit(0)
	}
	return n
}

// once is a command: when there is nothing to wait for, the process ends.
func once(all bool, work func()) error {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	work()
	if !all {
		return nil
	}
	<-c
	return nil
}
