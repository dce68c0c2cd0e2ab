package good

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

// The first unlock has been called.
func (l *ledger) lockAgain() {
	unlock := l.lock()
	l.entries = nil
	unlock()
	again := l.lock()
	again()
}

func (l *ledger) lockDeferred() int {
	l.lock()()
	return l.total()
}

func (l *ledger) lockDirect() {
	unlock := l.lock()
	unlock()
	l.mu.Lock()
	l.entries = nil
	l.mu.Unlock()
}

func (l *ledger) lockInLiteral() int {
	unlock := l.lock()
	func() { unlock() }()
	return l.total()
}

func (l *ledger) lockTurns(list []int) {
	for _, n := range list {
		unlock := l.lock()
		l.entries = append(l.entries, n)
		unlock()
	}
}

func (l *ledger) readThenWrite() {
	l.rlock()()
	l.rows.Lock()
	l.entries = nil
	l.rows.Unlock()
}

// What unlocks has gone to somebody else, who may have called it.
func (l *ledger) handsOn(run func(func())) int {
	run(l.lock())
	return l.total()
}

// Of two, on one path each.
func (l *ledger) either(read bool) int {
	unlock := l.lock
	if read {
		unlock = l.rlock
	}
	unlock()()
	return l.total()
}

func (l *ledger) switches(early bool) int {
	unlock := l.lock()
	if early {
		unlock()
		unlock = func() {}
	}
	unlock()
	return l.total()
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
	unlock()
	p.touch()
}
