package bad

import (
	"errors"
	"sync"

	"fixtures/missingunlock/bad/store"
)

var errFull = errors.New("full")

type ledger struct {
	mu      sync.Mutex
	rows    sync.RWMutex
	extra   sync.Mutex
	entries []int
	closed  bool
}

// lock returns what unlocks again.
func (l *ledger) lock() func() {
	l.mu.Lock()
	return l.mu.Unlock
}

func (l *ledger) rlock() (unlock func()) {
	l.rows.RLock()
	return func() { l.rows.RUnlock() }
}

// lockOpen fails once the ledger is closed.
func (l *ledger) lockOpen() (func(), error) {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil, errors.New("closed")
	}
	return func() {
		l.entries = nil
		l.mu.Unlock()
	}, nil
}

// lockTwice passes on what lock has returned.
func (l *ledger) lockTwice() (int, func()) {
	unlock := l.lock()
	return len(l.entries), unlock
}

func lockIt(mu *sync.Mutex) func() {
	mu.Lock()
	return mu.Unlock
}

// What lock returns is never called: the lock is taken when the function returns.
func (l *ledger) deferLock() {
	defer l.lock() // want `deferred l\.lock takes l\.mu when the function returns, and nothing calls what it returns: the next l\.mu\.Lock blocks forever; defer l\.lock\(\)\(\)`
	l.entries = append(l.entries, 1)
}

func (l *ledger) deferReadLock() int {
	defer l.rlock() // want `deferred l\.rlock takes l\.rows when the function returns, and nothing calls what it returns: the next l\.rows\.Lock blocks forever; defer l\.rlock\(\)\(\)`
	return len(l.entries)
}

func (l *ledger) deferLockIt() {
	defer lockIt(&l.extra) // want `deferred lockIt takes l\.extra when the function returns, and nothing calls what it returns: the next l\.extra\.Lock blocks forever; defer lockIt\(&l\.extra\)\(\)`
	l.entries = nil
}

// The second call of drop hangs.
func (l *ledger) drop() {
	l.lock() // want `l\.lock takes l\.mu and drops the function that unlocks it: the next l\.mu\.Lock blocks forever; defer what it returns`
	l.entries = nil
}

func (l *ledger) dropBlank() int {
	_ = l.lock() // want `l\.lock takes l\.mu and drops the function`
	return len(l.entries)
}

func (l *ledger) dropOfTwo() int {
	n, _ := l.lockTwice() // want `l\.lockTwice takes l\.mu and drops the function`
	return n
}

func (l *ledger) dropOnSuccess() error {
	if _, err := l.lockOpen(); err != nil { // want `l\.lockOpen takes l\.mu and drops the function`
		return err
	}
	l.entries = nil
	return nil
}

// One return forgets to call it.
func (l *ledger) forgets(n int) error {
	unlock := l.lock()
	if len(l.entries) > n {
		return errFull // want `return leaves l\.mu locked, since line \d+: the next l\.mu\.Lock blocks forever; call unlock before it`
	}
	l.entries = append(l.entries, n)
	unlock()
	return nil
}

func (l *ledger) forgetsRead(n int) int {
	done := l.rlock()
	for _, e := range l.entries {
		if e == n {
			return e // want `return leaves l\.rows locked, since line \d+: the next l\.rows\.Lock blocks forever; call done before it`
		}
	}
	done()
	return 0
}

// The deferred call comes too late for the first return.
func (l *ledger) defersLate(n int) error {
	unlock, err := l.lockOpen()
	if err != nil {
		return err
	}
	if n == 0 {
		return errFull // want `return leaves l\.mu locked, since line \d+: the next l\.mu\.Lock blocks forever; call unlock before it`
	}
	defer unlock()
	l.entries = append(l.entries, n)
	return nil
}

// The goroutine that unlocks is not started for an empty ledger.
func (l *ledger) handsOnLate(done chan bool) {
	unlock := l.lock()
	if len(l.entries) == 0 {
		return // want `return leaves l\.mu locked, since line \d+`
	}
	go func() {
		defer unlock()
		<-done
	}()
}

// The caller gets no function to call.
func (l *ledger) lockRows(n int) (func(), error) {
	l.rows.Lock()
	if len(l.entries) < n {
		return nil, errFull // want `return leaves l\.rows locked, since line \d+: the next l\.rows\.Lock blocks forever; call l\.rows\.Unlock before it`
	}
	return l.rows.Unlock, nil
}

func (l *ledger) lockBoth(n int) (func(), error) {
	unlock := l.lock()
	if n < 0 {
		return nil, errFull // want `return leaves l\.mu locked, since line \d+: the next l\.mu\.Lock blocks forever; call unlock before it`
	}
	return unlock, nil
}

// A turn ends without the call.
func (l *ledger) turns(list []int) {
	for _, n := range list {
		unlock := l.lock() // the next turn takes it again
		if n == 0 {
			continue // want `continue leaves l\.mu locked, and l\.lock on line \d+ blocks forever in the next turn; call unlock before it`
		}
		l.entries = append(l.entries, n)
		unlock()
	}
}

// Also of another package.
func useStore(s *store.Store, key string) int {
	defer s.Lock() // want `deferred s\.Lock takes s\.mu when the function returns`
	return s.Get(key)
}

func dropStore(s *store.Store) {
	s.Lock() // want `s\.Lock takes s\.mu and drops the function that unlocks it`
	s.Clear()
}

func forgetStore(s *store.Store, key string) int {
	unlock := s.Lock()
	if key == "" {
		return 0 // want `return leaves s\.mu locked, since line \d+: the next s\.mu\.Lock blocks forever; call unlock before it`
	}
	n := s.Get(key)
	unlock()
	return n
}

// A lock for each key has no name here.
func (k *keyed) lock(key string) func() {
	k.mu.Lock()
	defer k.mu.Unlock()
	l, ok := k.locks[key]
	if !ok {
		l = new(sync.Mutex)
		k.locks[key] = l
	}
	l.Lock()
	return func() { l.Unlock() }
}

type keyed struct {
	mu    sync.Mutex
	locks map[string]*sync.Mutex
}

func newKeyed() *keyed { return &keyed{locks: make(map[string]*sync.Mutex)} }

// lockUp passes it on.
func (k *keyed) lockUp(key string) (unlock func()) {
	return k.lock(key + "!")
}

func (k *keyed) deferKey(key string) {
	defer k.lock(key) // want `deferred k\.lock takes a lock when the function returns, and nothing calls what it returns: who takes it next blocks forever; defer k\.lock\(key\)\(\)`
	println(key)
}

func (k *keyed) dropKey(key string) {
	k.lockUp(key) // want `k\.lockUp takes a lock and drops the function that unlocks it: who takes it next blocks forever; defer what it returns`
	println(key)
}

func (k *keyed) forgetKey(key string) error {
	unlock := k.lock(key)
	if key == "" {
		return errFull // want `return leaves the lock of k\.lock locked, since line \d+: who takes it next blocks forever; call unlock before it`
	}
	unlock()
	return nil
}

func (k *keyed) forgetKeyTurn(keys []string) error {
	for _, key := range keys {
		unlock := k.lock(key)
		if key == "" {
			return errFull // want `return leaves the lock of k\.lock locked, since line \d+`
		}
		unlock()
	}
	return nil
}

func useKey(s *store.Store, key string) int {
	defer s.LockKey(key) // want `deferred s\.LockKey takes a lock when the function returns`
	return s.Get(key)
}

// A locked object.
type page struct {
	mu sync.Mutex
	n  int
}

type book struct {
	mu    sync.Mutex
	pages map[int]*page
}

func (b *book) page(n int) (p *page, unlock func(), err error) {
	b.mu.Lock()
	p = b.pages[n]
	b.mu.Unlock()
	if p == nil {
		return nil, nil, errFull
	}
	p.mu.Lock()
	return p, p.mu.Unlock, nil
}

func (b *book) forgetPage(n int) (int, error) {
	p, unlock, err := b.page(n)
	if err != nil {
		return 0, err
	}
	if p.n == 0 {
		return 0, errFull // want `return leaves p\.mu locked, since line \d+: the next p\.mu\.Lock blocks forever; call unlock before it`
	}
	n = p.n
	unlock()
	return n, nil
}

func (b *book) dropPage(n int) {
	p, _, err := b.page(n) // want `b\.page takes p\.mu and drops the function that unlocks it: the next p\.mu\.Lock blocks forever; defer what it returns`
	if err == nil {
		p.n++
	}
}

func useRow(s *store.Store, key string) int {
	r, unlock, ok := s.Row(key)
	if !ok {
		return 0
	}
	if r.N == 0 {
		return 1 // want `return leaves r\.mu locked, since line \d+: the next r\.mu\.Lock blocks forever; call unlock before it`
	}
	defer unlock()
	return r.N
}
