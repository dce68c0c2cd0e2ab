package good

import (
	"errors"
	"sync"
)

var errNotOpen = errors.New("not open")

// A store has one writer at a time, which is a transaction that unlocks when it is closed.
type txStore struct {
	writers sync.Mutex
	readers sync.RWMutex
	opened  bool
	current *boltTx
}

type boltTx struct {
	store    *txStore
	writable bool
}

func (s *txStore) Begin(writable bool) (*boltTx, error) {
	if writable {
		return s.beginWrite()
	}
	return s.beginRead()
}

func (s *txStore) beginRead() (*boltTx, error) {
	if !s.opened {
		return nil, errNotOpen
	}
	s.readers.RLock()
	return &boltTx{store: s}, nil
}

func (s *txStore) beginWrite() (*boltTx, error) {
	s.writers.Lock()
	if !s.opened {
		s.writers.Unlock()
		return nil, errNotOpen
	}
	t := &boltTx{writable: true}
	t.store = s
	s.current = t
	return t, nil
}

func (t *boltTx) Close() {
	if t.writable {
		t.store.writers.Unlock()
	} else {
		t.store.readers.RUnlock()
	}
}
