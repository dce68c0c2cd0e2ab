package bad

import (
	"errors"
	"sync"
)

var errToken = errors.New("no such transaction")

type tokenLedger struct {
	mu     sync.Mutex
	token  int
	amount int
}

func (l *tokenLedger) begin() int {
	l.mu.Lock()
	l.token++
	return l.token
}

// end unlocks for the transaction that begin has started.
func (l *tokenLedger) end(token int) error {
	if token != l.token {
		return errToken
	}
	l.mu.Unlock()
	return nil
}

// Put returns without end.
func (l *tokenLedger) Put(n int) error {
	t := l.begin()
	if n < 0 {
		return errToken // want `return leaves l.mu locked`
	}
	l.amount = n
	return l.end(t)
}
