package good

import "sync"

// A Ledger has a slot for each entry.
type Ledger struct {
	slots   chan struct{}
	wg      sync.WaitGroup
	mu      sync.Mutex
	wake    *sync.Cond
	entries map[int]chan int
	last    int
	stopped bool
}

// NewLedger starts what applies the entries.
func NewLedger() *Ledger {
	l := &Ledger{slots: make(chan struct{}, 4), entries: make(map[int]chan int)}
	l.wake = sync.NewCond(&l.mu)
	l.wg.Add(1)
	go l.apply()
	return l
}

// Propose takes a slot, which goes with the entry.
func (l *Ledger) Propose() (int, bool) {
	select {
	case l.slots <- struct{}{}:
	default:
		return 0, false
	}
	l.mu.Lock()
	if l.stopped {
		l.mu.Unlock()
		<-l.slots
		return 0, false
	}
	reply := make(chan int, 1)
	l.last++
	l.entries[l.last] = reply
	l.wake.Signal()
	l.mu.Unlock()
	return <-reply, true
}

func (l *Ledger) apply() {
	defer l.wg.Done()
	for n := 1; ; n++ {
		l.mu.Lock()
		for l.entries[n] == nil && !l.stopped {
			l.wake.Wait()
		}
		reply := l.entries[n]
		delete(l.entries, n)
		stopped := l.stopped
		l.mu.Unlock()
		if stopped {
			return
		}
		l.answer(reply, n)
	}
}

func (l *Ledger) answer(reply chan int, n int) {
	reply <- n
	<-l.slots
}

// Stop gives back the slots of those that are left.
func (l *Ledger) Stop() {
	l.mu.Lock()
	left := l.entries
	l.entries = nil
	l.stopped = true
	l.wake.Broadcast()
	l.mu.Unlock()
	for _, reply := range left {
		l.answer(reply, 0)
	}
	l.wg.Wait()
}
