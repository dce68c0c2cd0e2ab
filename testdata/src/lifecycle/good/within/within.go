// Package within runs what sends under the lock, when it is not closed.
package within

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

func (a *Actor) usable() error {
	if a.ended.Load() {
		return errors.New("closed")
	}
	return nil
}

func (a *Actor) with(f func()) (err error) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("panic")
		}
	}()
	err = a.usable()
	if err == nil {
		f()
	}
	return err
}

func (a *Actor) Do(f func()) error {
	return a.with(func() { a.mail <- f })
}

func (a *Actor) Stop() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.ended.Swap(true) {
		close(a.quit)
	}
}
