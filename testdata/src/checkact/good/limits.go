package good

import (
	"errors"
	"sync"
	"time"
)

var errFull = errors.New("full")

type lines struct {
	dial func() (string, error)
	max  int

	mu     sync.Mutex
	open   int
	dialed int
}

// The place is taken before the unlock, and given back.
func (l *lines) Get() (string, error) {
	l.mu.Lock()
	if l.open >= l.max {
		l.mu.Unlock()
		return "", errFull
	}
	l.open++
	l.mu.Unlock()
	line, err := l.dial()
	if err != nil {
		l.mu.Lock()
		l.open--
		l.mu.Unlock()
		return "", err
	}
	return line, nil
}

// What is counted is checked again.
func (l *lines) TryGet() (string, error) {
	l.mu.Lock()
	full := l.open >= l.max
	l.mu.Unlock()
	if full {
		return "", errFull
	}
	line, err := l.dial()
	if err != nil {
		return "", err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open >= l.max {
		return "", errFull
	}
	l.open++
	return line, nil
}

// What is compared with zero is no limit, and a count of what has happened is kept by nobody.
func (l *lines) Dialed() (string, error) {
	l.mu.Lock()
	if l.dialed > 0 {
		l.mu.Unlock()
		return "", nil
	}
	l.mu.Unlock()
	line, err := l.dial()
	l.mu.Lock()
	l.dialed++
	l.mu.Unlock()
	return line, err
}

// What is too much is taken back.
func (l *lines) GetOver() (string, error) {
	l.mu.Lock()
	if l.open >= l.max {
		l.mu.Unlock()
		return "", errFull
	}
	l.mu.Unlock()
	line, err := l.dial()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open++
	if l.open > l.max {
		l.open--
		return "", errFull
	}
	return line, err
}

type deliveries struct{ seen sync.Map }

func (d *deliveries) First(id string, now time.Time) bool {
	_, loaded := d.seen.LoadOrStore(id, now)
	return !loaded
}

// Each caller is told the same: that it is there.
func (d *deliveries) Note(id string, now time.Time) bool {
	if _, ok := d.seen.Load(id); ok {
		return true
	}
	d.seen.Store(id, now)
	return true
}
