package good

import "sync"

// A ledger counts those that write to it in, under the lock under which it is closed, and
// waits for them before it ends its loop.
type ledger struct {
	in, quit chan struct{}
	mu       sync.Mutex
	wg       sync.WaitGroup
	closed   bool
}

func OpenLedger() *ledger {
	l := &ledger{in: make(chan struct{}), quit: make(chan struct{})}
	go l.loop()
	return l
}

func (l *ledger) loop() {
	for {
		select {
		case <-l.in:
		case <-l.quit:
			return
		}
	}
}

func (l *ledger) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.wg.Add(1)
	}
	return !l.closed
}

func (l *ledger) Append() {
	if l.enter() {
		defer l.wg.Done()
		l.post()
	}
}

func (l *ledger) post() { l.in <- struct{}{} }

func (l *ledger) Close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.wg.Wait()
	close(l.quit)
}

// An agent runs what sends to its loop under the lock under which it ends.
type agent struct {
	mail  chan func()
	quit  chan struct{}
	mu    sync.RWMutex
	ended bool
}

func NewAgent() *agent {
	a := &agent{mail: make(chan func()), quit: make(chan struct{})}
	go func() {
		for {
			select {
			case f := <-a.mail:
				f()
			case <-a.quit:
				return
			}
		}
	}()
	return a
}

func (a *agent) alive(f func()) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if !a.ended {
		f()
	}
}

func (a *agent) Tell(f func()) { a.alive(func() { a.mail <- f }) }

func (a *agent) Stop() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.ended {
		a.ended = true
		close(a.quit)
	}
}
