package bad

import (
	"sync"
	"time"
)

type link struct {
	once sync.Once
	conn *client
	err  error
}

func (l *link) connect(addr string) error {
	l.once.Do(func() { l.conn, l.err = dial(addr) })
	return l.err
}

// The first error comes back for ever.
func (l *link) connectPatiently(addr string) {
	for {
		if err := l.connect(addr); err == nil { // want `l.connect gives the same error in each turn: l.once.Do on line \d+ does nothing once it has failed; use a mutex and a flag`
			return
		}
		time.Sleep(time.Second)
	}
}
