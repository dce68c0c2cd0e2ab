package bad

import (
	"context"
	"log"
	"sync"
)

type forwarder struct {
	wg     sync.WaitGroup
	cancel context.CancelFunc
	in     chan string
	send   func(string) error
}

func (f *forwarder) init(ctx context.Context) {
	ctx, f.cancel = context.WithCancel(ctx)
	go f.run(ctx)
}

// A close right after init finds nobody counted, and closes the channel under the
// goroutine.
func (f *forwarder) run(ctx context.Context) {
	log.Print("started")
	f.wg.Add(1) // want `the Add of f\.wg in the goroutine of line \d+ can run after the Wait on line \d+ has returned; call it before the goroutine is started, or wait for that first`
	defer f.wg.Done()
	for {
		select {
		case <-ctx.Done():
			return
		case text := <-f.in:
			if err := f.send(text); err != nil {
				log.Print(err)
			}
		}
	}
}

func (f *forwarder) close() {
	f.cancel()
	f.wg.Wait()
	close(f.in)
}

// The goroutine has to come to its turn for the first Add; the loop is its first statement.
func sendAll(texts []string, n int, send func(string)) {
	var wg sync.WaitGroup
	for _, text := range texts {
		go func() {
			for range n {
				wg.Add(1) // want `wg\.Add can run after wg\.Wait on line \d+ has returned`
				go func() {
					defer wg.Done()
					send(text)
				}()
			}
		}()
	}
	wg.Wait()
}

// The methods that count have names of their own.
type hall struct {
	guests sync.WaitGroup
	doors  chan func()
}

func newHall() *hall { return &hall{doors: make(chan func())} }

func (h *hall) enter() { h.guests.Add(1) }
func (h *hall) leave() { h.guests.Done() }

func (h *hall) visit(f func()) {
	h.enter() // want `the Add of h.guests in the goroutine of line \d+ can run after the Wait on line \d+ has returned`
	defer h.leave()
	f()
}

func (h *hall) Open() {
	for f := range h.doors {
		go h.visit(f)
	}
}

func (h *hall) Close() {
	close(h.doors)
	h.guests.Wait()
}
