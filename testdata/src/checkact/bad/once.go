package bad

import "sync"

type loaded struct {
	once sync.Once
	text string
	rows map[string]int
}

// The check is to save the call, and sees the half of what the other one writes.
func (l *loaded) Rows() map[string]int {
	if l.rows != nil { // want `read of l.rows before l.once.Do races with the write on line 17, which another goroutine can be at; leave the check to Do`
		return l.rows
	}
	l.once.Do(func() {
		l.rows = map[string]int{l.text: 1}
	})
	return l.rows
}
