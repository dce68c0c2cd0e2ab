package good

import "sync"

type ledger struct {
	locker sync.Locker
	counts map[string]int
}

func (l *ledger) lock() {
	if l.locker != nil {
		l.locker.Lock()
	}
}

func (l *ledger) unlock() {
	if l.locker != nil {
		l.locker.Unlock()
	}
}

func (l *ledger) count(k string) {
	l.lock()
	l.counts[k]++
	l.unlock()
}

// Who shares it gives it a lock.
func CountAll(keys []string) int {
	l := &ledger{locker: new(sync.Mutex), counts: make(map[string]int)}
	var wg sync.WaitGroup
	for _, k := range keys {
		wg.Go(func() { l.count(k) })
	}
	wg.Wait()
	return len(l.counts)
}
