// Package limits holds what is missed.
package limits

import "sync"

type loader interface{ load() }

type lazy struct {
	once sync.Once
	next loader
}

// Through an interface the object may be another one.
func (l *lazy) load() {
	l.once.Do(func() { l.next.load() })
}

var (
	once  sync.Once
	value *int
)

// The error is made here, not by the call that makes the value.
func get(make func() *int, fail error) (*int, error) {
	var err error
	once.Do(func() {
		if value = make(); value == nil {
			err = fail
		}
	})
	return value, err
}
