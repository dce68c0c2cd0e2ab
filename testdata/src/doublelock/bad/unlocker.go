package bad

import "sync"

type ledger struct {
	mu      sync.Mutex
	rows    sync.RWMutex
	entries []int
}

// lock returns what unlocks again.
func (l *ledger) lock() func() {
	l.mu.Lock()
	return l.mu.Unlock
}

func (l *ledger) rlock() func() {
	l.rows.RLock()
	return func() { l.rows.RUnlock() }
}

func (l *ledger) total() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.entries)
}

// The first unlock has not been called.
func (l *ledger) lockAgain() {
	unlock := l.lock()
	l.entries = nil
	again := l.lock() // want `l\.lock blocks forever: it calls l\.mu\.Lock \(unlocker\.go:13\), held since line 30`
	again()
	unlock()
}

func (l *ledger) lockDeferred() int {
	defer l.lock()()
	return l.total() // want `l\.total blocks forever: it calls l\.mu\.Lock \(unlocker\.go:23\), held since line 38`
}

func (l *ledger) lockDirect() {
	unlock := l.lock()
	defer unlock()
	l.mu.Lock() // want `l\.mu\.Lock blocks forever: l\.mu is held since line 43`
	l.entries = nil
	l.mu.Unlock()
}

func (l *ledger) lockInLiteral() int {
	unlock := l.lock()
	defer func() { unlock() }()
	return l.total() // want `l\.total blocks forever: it calls l\.mu\.Lock`
}

// The lock is held until what is deferred in the first turn is called.
func (l *ledger) lockTurns(list []int) {
	for _, n := range list {
		defer l.lock()() // want `l\.lock blocks forever in the next turn of the loop: it calls l\.mu\.Lock \(unlocker\.go:13\), held since this one`
		l.entries = append(l.entries, n)
	}
}

func (l *ledger) readThenWrite() {
	defer l.rlock()()
	l.rows.Lock() // want `l\.rows\.Lock blocks forever: l\.rows is held for reading since line 65; call l\.rows\.RUnlock first`
	l.entries = nil
	l.rows.Unlock()
}

type page struct {
	mu sync.Mutex
	n  int
}

func (p *page) touch() {
	p.mu.Lock()
	p.n++
	p.mu.Unlock()
}

// page returns a locked page.
func (b *book) page(n int) (p *page, unlock func()) {
	p = b.pages[n]
	p.mu.Lock()
	return p, p.mu.Unlock
}

type book struct{ pages map[int]*page }

func (b *book) touch(n int) {
	p, unlock := b.page(n)
	defer unlock()
	p.touch() // want `p\.touch blocks forever: it calls p\.mu\.Lock \(unlocker\.go:\d+\), held since line \d+`
}
