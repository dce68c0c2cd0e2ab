// Package attempts has a new Once for each attempt.
package attempts

import (
	"sync"
	"time"
)

type attempt struct {
	once sync.Once
	err  error
}

type IDs struct {
	mu   sync.Mutex
	init *attempt
	dial func() error
}

func New(dial func() error) *IDs { return &IDs{init: new(attempt), dial: dial} }

func (l *IDs) connect() error {
	l.mu.Lock()
	a := l.init
	l.mu.Unlock()
	a.once.Do(func() { a.err = l.dial() })
	return a.err
}

func (l *IDs) reset() {
	l.mu.Lock()
	l.init = new(attempt)
	l.mu.Unlock()
}

func (l *IDs) Ready(tries int) (err error) {
	for range tries {
		if err = l.connect(); err == nil {
			return nil
		}
		l.reset()
		time.Sleep(time.Millisecond)
	}
	return err
}
