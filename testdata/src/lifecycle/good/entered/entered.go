// Package entered sends only for callers that have entered under the lock of Stop.
package entered

import (
	"sync"
	"sync/atomic"
)

type Actor struct {
	mu    sync.RWMutex
	ended atomic.Bool
	mail  chan func()
	quit  chan struct{}
}

func New() *Actor {
	a := &Actor{mail: make(chan func()), quit: make(chan struct{})}
	go a.loop()
	return a
}

func (a *Actor) loop() {
	for {
		select {
		case f := <-a.mail:
			f()
		case <-a.quit:
			return
		}
	}
}

func (a *Actor) alive() (func(), bool) {
	a.mu.RLock()
	if a.ended.Load() {
		a.mu.RUnlock()
		return nil, false
	}
	return a.mu.RUnlock, true
}

func (a *Actor) Do(f func()) (ok bool) {
	leave, ok := a.alive()
	if !ok {
		return false
	}
	defer leave()
	a.ask(f)
	return true
}

func (a *Actor) ask(f func()) { a.mail <- f }

func (a *Actor) Stop() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.ended.Swap(true) {
		close(a.quit)
	}
}
