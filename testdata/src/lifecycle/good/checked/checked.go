// Package checked looks at its state in a variable that a deferred literal has as well.
package checked

import (
	"errors"
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

func (a *Actor) Do(f func()) (err error) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	ok := !a.ended.Load()
	defer func() {
		if !ok {
			err = errors.New("closed")
		}
	}()
	if !ok {
		return nil
	}
	a.ask(f)
	return nil
}

func (a *Actor) ask(f func()) { a.mail <- f }

func (a *Actor) Stop() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.ended.Swap(true) {
		close(a.quit)
	}
}
