package sentinel

import (
	"errors"
	"io"
	"os/signal"
	"sync"
)

// An exporter hands rows to its workers until the source ends, or fails.
type exporter struct {
	next    func() (string, error)
	workers int
	write   func(string)
}

func (e *exporter) work(rows <-chan string) {
	for r := range rows {
		e.write(r)
	}
}

func (e *exporter) Run() error {
	rows := make(chan string, e.workers)
	var wg sync.WaitGroup
	for range e.workers {
		wg.Go(func() { e.work(rows) })
	}
	defer wg.Wait()
	defer close(rows)
	for {
		r, err := e.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		rows <- r
	}
	return nil
}

var errNotConnected = errors.New("not connected")

// A sender waits for confirmations if there are any. Where connect gives no channel it
// gives an error, and that is not nil.
type sender struct {
	dial    func() error
	publish func(string) error
	made    chan bool
	on      bool
}

func (s *sender) connect() (chan bool, error) {
	if s.dial() != nil {
		return nil, errNotConnected
	}
	return s.made, nil
}

func (s *sender) Send(msg string) error {
	confirms, err := s.connect()
	if err != nil {
		return err
	}
	if err := s.publish(msg); err != nil {
		return err
	}
	if s.on {
		<-confirms
	}
	return nil
}

// A daemon is stopped by a signal, of which the function that it gives away hears.
type daemon struct {
	once sync.Once
	down chan struct{}
}

func (d *daemon) stop() { d.once.Do(func() { close(d.down) }) }

func Start(serve func() error, onSignal func(func()), shutdown func()) error {
	d := &daemon{down: make(chan struct{})}
	onSignal(d.stop)
	go func() {
		<-d.down
		shutdown()
	}()
	if err := serve(); err != nil {
		return err
	}
	signal.Ignore()
	d.stop()
	<-d.down
	return nil
}
