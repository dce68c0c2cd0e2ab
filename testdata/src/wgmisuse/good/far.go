package good

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
	f.wg.Add(1)
	go f.run(ctx)
}

// It is counted before it runs.
func (f *forwarder) run(ctx context.Context) {
	log.Print("started")
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

// All are counted before any of them runs.
func sendAll(texts []string, n int, send func(string)) {
	var wg sync.WaitGroup
	for _, text := range texts {
		wg.Add(n)
		go func() {
			for range n {
				go func() {
					defer wg.Done()
					send(text)
				}()
			}
		}()
	}
	wg.Wait()
}

// The goroutine says that it has counted itself, and whoever starts it waits for that.
type announcer struct {
	wg      sync.WaitGroup
	started chan struct{}
	stop    chan struct{}
}

func (a *announcer) init() {
	go a.run()
	<-a.started
}

func (a *announcer) run() {
	log.Print("started")
	a.wg.Add(1)
	defer a.wg.Done()
	close(a.started)
	<-a.stop
}

func (a *announcer) close() {
	close(a.stop)
	a.wg.Wait()
}

// What is counted is each request, not the goroutine: the caller's own count is there
// first.
type acceptor struct {
	wg   sync.WaitGroup
	open func() func()
}

func (a *acceptor) init() {
	a.wg.Add(1)
	go a.loop()
}

func (a *acceptor) loop() {
	defer a.wg.Done()
	for serve := a.open(); serve != nil; serve = a.open() {
		a.wg.Add(1)
		go func() {
			defer a.wg.Done()
			serve()
		}()
	}
}

func (a *acceptor) close() { a.wg.Wait() }

// It runs as a goroutine, and is called as well: there it is counted in time.
type either struct{ wg sync.WaitGroup }

func (e *either) init() {
	go e.run()
}

func (e *either) run() {
	log.Print("started")
	e.wg.Add(1)
	defer e.wg.Done()
}

func (e *either) close() {
	e.run()
	e.wg.Wait()
}

// A shipper counts itself under the lock under which Cancel says that it is over: who comes
// later does not count itself, who came before is waited for.
type shipper struct {
	mu   sync.RWMutex
	logs chan string
	wg   sync.WaitGroup
}

func (s *shipper) Init() { go s.ship() }

func (s *shipper) ship() {
	s.mu.RLock()
	logs := s.logs
	if logs != nil {
		s.wg.Add(1)
		defer s.wg.Done()
	}
	s.mu.RUnlock()
	if logs == nil {
		return
	}
	for l := range logs {
		println(l)
	}
}

func (s *shipper) Cancel() {
	s.mu.Lock()
	close(s.logs)
	s.logs = nil
	s.mu.Unlock()
	s.wg.Wait()
}

// The methods that count have names of their own, and who starts the goroutine counts it.
type hall struct {
	guests sync.WaitGroup
	doors  chan func()
}

func newHall() *hall { return &hall{doors: make(chan func())} }

func (h *hall) enter() { h.guests.Add(1) }
func (h *hall) leave() { h.guests.Done() }

func (h *hall) visit(f func()) {
	defer h.leave()
	f()
}

func (h *hall) Open() {
	for f := range h.doors {
		h.enter()
		go h.visit(f)
	}
}

func (h *hall) Close() {
	close(h.doors)
	h.guests.Wait()
}
