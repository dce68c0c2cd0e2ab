// Package limits holds what is missed.
package limits

import "sync"

type lazy struct{ mu *sync.Mutex }

// Set on one path only.
func (l *lazy) do(fast bool) {
	if !fast {
		l.mu = new(sync.Mutex)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
}

// Any package can set the field, but none has to.
type Public struct{ Mu *sync.Mutex }

func (p *Public) Do() { p.Mu.Lock() }

// A write to a nil map in a field, outside of locks and goroutines, is for others to find.
type plain struct{ m map[string]int }

func (p *plain) set() { p.m["a"] = 1 }
