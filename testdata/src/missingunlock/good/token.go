package good

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

// Put has its token from begin: end cannot fail.
func (l *tokenLedger) Put(n int) int {
	t := l.begin()
	l.amount = n
	l.end(t)
	return l.amount
}

// Fill does so many times.
func (l *tokenLedger) Fill(list []int) {
	for _, n := range list {
		t := l.begin()
		l.amount += n
		l.end(t)
	}
}

// Give hands on what end says, which is nothing.
func (l *tokenLedger) Give(n int) error {
	t := l.begin()
	l.amount -= n
	return l.end(t)
}
