package sentinel

import (
	"io"
	"sync"
)

// An exporter hands rows to its workers until the source ends, or fails.
type exporter struct {
	next    func() (string, error)
	workers int
	write   func(string)
}

func (e *exporter) work(rows <-chan string) {
	for r := range rows { // want `^range over rows never ends if Run returns on line \d+; close rows on every path$`
		e.write(r)
	}
}

func (e *exporter) Run() error {
	rows := make(chan string, e.workers)
	var wg sync.WaitGroup
	for range e.workers {
		wg.Go(func() { e.work(rows) })
	}
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
	close(rows)
	wg.Wait()
	return nil
}
