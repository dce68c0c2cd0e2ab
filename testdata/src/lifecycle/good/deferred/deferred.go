// Package deferred sends in a deferred literal, for callers that have entered.
package deferred

import (
	"errors"
	"sync"
)

type L struct {
	mu    sync.Mutex
	off   bool
	users sync.WaitGroup
	back  chan int
	quit  chan struct{}
}

func New() *L {
	l := &L{back: make(chan int), quit: make(chan struct{})}
	go l.loop()
	return l
}

func (l *L) loop() {
	for {
		select {
		case <-l.back:
		case <-l.quit:
			return
		}
	}
}

func (l *L) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.off {
		l.users.Add(1)
	}
	return !l.off
}

func (l *L) use(f func()) {
	defer func() { l.back <- 1 }()
	f()
}

func (l *L) Use(f func()) error {
	if !l.enter() {
		return errors.New("closed")
	}
	defer l.users.Done()
	l.use(f)
	return nil
}

func (l *L) Close() {
	l.mu.Lock()
	was := l.off
	l.off = true
	l.mu.Unlock()
	if was {
		return
	}
	l.users.Wait()
	close(l.quit)
}
