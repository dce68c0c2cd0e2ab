package good

import (
	"errors"
	"sync"
	"time"
)

// What is deferred calls the variable, which does nothing once the lock is given back.
type lessor struct {
	mu      sync.RWMutex
	primary bool
	leases  map[int]time.Time
	revoked chan struct{}
}

func (l *lessor) Renew(id int) error {
	l.mu.Lock()

	unlock := func() { l.mu.Unlock() }
	defer func() { unlock() }()

	if !l.primary {
		return errors.New("not primary")
	}
	t, ok := l.leases[id]
	if !ok {
		return errors.New("not found")
	}
	if time.Now().After(t) {
		l.mu.Unlock()
		unlock = func() {}
		<-l.revoked
		return errors.New("revoked")
	}
	l.leases[id] = time.Now().Add(time.Minute)
	return nil
}
