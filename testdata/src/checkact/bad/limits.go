package bad

import (
	"errors"
	"sync"
	"time"
)

var errFull = errors.New("full")

type lines struct {
	dial func() (string, error)
	max  int

	mu   sync.Mutex
	open int
}

// While this one dials, others pass the check too.
func (l *lines) Get() (string, error) {
	l.mu.Lock()
	if l.open >= l.max {
		l.mu.Unlock()
		return "", errFull
	}
	l.mu.Unlock()
	line, err := l.dial()
	if err != nil {
		return "", err
	}
	l.mu.Lock()
	l.open++ // want `l.mu is unlocked between the check of l.open on line 22 and this count`
	l.mu.Unlock()
	return line, nil
}

type deliveries struct{ seen sync.Map }

// Two deliveries of one message are both told to go on.
func (d *deliveries) First(id string, now time.Time) bool {
	if _, ok := d.seen.Load(id); ok {
		return false
	}
	d.seen.Store(id, now) // want `two goroutines can both find the key missing in d.seen on line 41 before this Store, and both be told that they were the first; use LoadOrStore`
	return true
}
