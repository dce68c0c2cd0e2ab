package good

import (
	"context"
	"errors"
	"sync"
	"testing"

	"fixtures/missingunlock/good/store"
)

var errFull = errors.New("full")

type ledger struct {
	mu      sync.Mutex
	rows    sync.RWMutex
	extra   sync.Mutex
	entries []int
	closed  bool
	unlock  func()
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

func (l *ledger) deferLock() {
	defer l.lock()()
	l.entries = append(l.entries, 1)
}

func (l *ledger) deferReadLock() int {
	defer l.rlock()()
	return len(l.entries)
}

func (l *ledger) deferLockIt() {
	defer lockIt(&l.extra)()
	l.entries = nil
}

func (l *ledger) drop() {
	l.lock()()
	l.entries = nil
}

func (l *ledger) dropBlank() int {
	unlock := l.lock()
	defer unlock()
	return len(l.entries)
}

func (l *ledger) dropOfTwo() int {
	n, unlock := l.lockTwice()
	unlock()
	return n
}

func (l *ledger) dropOnSuccess() error {
	unlock, err := l.lockOpen()
	if err != nil {
		return err
	}
	defer unlock()
	l.entries = nil
	return nil
}

func (l *ledger) forgets(n int) error {
	unlock := l.lock()
	if len(l.entries) > n {
		unlock()
		return errFull
	}
	l.entries = append(l.entries, n)
	unlock()
	return nil
}

func (l *ledger) forgetsRead(n int) int {
	done := l.rlock()
	defer done()
	for _, e := range l.entries {
		if e == n {
			return e
		}
	}
	return 0
}

func (l *ledger) defersLate(n int) error {
	if n == 0 {
		return errFull
	}
	unlock, err := l.lockOpen()
	if err != nil {
		return err
	}
	defer unlock()
	l.entries = append(l.entries, n)
	return nil
}

func (l *ledger) handsOnLate(done chan bool) {
	unlock := l.lock()
	if len(l.entries) == 0 {
		unlock()
		return
	}
	go func() {
		defer unlock()
		<-done
	}()
}

func (l *ledger) lockRows(n int) (func(), error) {
	l.rows.Lock()
	if len(l.entries) < n {
		l.rows.Unlock()
		return nil, errFull
	}
	return l.rows.Unlock, nil
}

func (l *ledger) lockBoth(n int) (func(), error) {
	unlock := l.lock()
	if n < 0 {
		unlock()
		return nil, errFull
	}
	return unlock, nil
}

func (l *ledger) turns(list []int) {
	for _, n := range list {
		unlock := l.lock()
		if n == 0 {
			unlock()
			continue
		}
		l.entries = append(l.entries, n)
		unlock()
	}
}

func useStore(s *store.Store, key string) int {
	defer s.Lock()()
	return s.Get(key)
}

func dropStore(s *store.Store) {
	unlock := s.Lock()
	s.Clear()
	unlock()
}

func forgetStore(s *store.Store, key string) int {
	unlock := s.Lock()
	defer unlock()
	if key == "" {
		return 0
	}
	return s.Get(key)
}

// Locked only on some paths.
func (l *ledger) maybe(need bool) int {
	unlock := func() {}
	if need {
		unlock = l.lock()
	}
	defer unlock()
	return len(l.entries)
}

func (l *ledger) maybeNil(need bool) int {
	var unlock func()
	if need {
		unlock = l.lock()
	}
	n := len(l.entries)
	if unlock != nil {
		unlock()
	}
	return n
}

func (l *ledger) maybeDeferred(need bool) int {
	var unlock func()
	defer func() {
		if unlock != nil {
			unlock()
		}
	}()
	if need {
		unlock = l.lock()
	}
	return len(l.entries)
}

// lockFor takes one side or the other.
func (l *ledger) lockFor(write bool) (unlock func()) {
	if write {
		l.rows.Lock()
		return l.rows.Unlock
	}
	l.rows.RLock()
	return l.rows.RUnlock
}

func (l *ledger) useFor(write bool) int {
	unlock := l.lockFor(write)
	defer unlock()
	return len(l.entries)
}

// One variable for both sides.
func (l *ledger) lockOne(write bool) func() {
	var unlock func()
	if write {
		l.rows.Lock()
		unlock = l.rows.Unlock
	} else {
		l.rows.RLock()
		unlock = l.rows.RUnlock
	}
	return unlock
}

func (l *ledger) useOne(n int) bool {
	unlock := l.lockOne(false)
	for _, e := range l.entries {
		if e == n {
			unlock()
			return true
		}
	}
	unlock()
	return false
}

// Handed on: to a goroutine, a function, a struct, a slice, a channel, a callback.
func (l *ledger) goes() {
	go l.lock()()
	unlock := l.lock()
	go unlock()
}

func (l *ledger) passes(run func(func())) {
	unlock := l.lock()
	run(unlock)
}

func (l *ledger) stores() {
	l.unlock = l.lock()
}

func (l *ledger) ends() { l.unlock() }

type guard struct{ unlock func() }

func (l *ledger) guards() *guard {
	return &guard{unlock: l.lock()}
}

func (l *ledger) guardsLocal() {
	var g guard
	g.unlock = l.lock()
	defer g.unlock()
	l.entries = nil
}

func lockAll(list []*ledger) (unlockAll func()) {
	var unlocks []func()
	for _, l := range list {
		unlocks = append(unlocks, l.lock())
	}
	return func() {
		for _, unlock := range unlocks {
			unlock()
		}
	}
}

func (l *ledger) sends(c chan func()) {
	unlock := l.lock()
	select {
	case c <- unlock:
	default:
		unlock()
	}
}

func (l *ledger) callback(ctx context.Context) {
	unlock := l.lock()
	context.AfterFunc(ctx, func() { unlock() })
}

func cleanup(t *testing.T, l *ledger) {
	t.Cleanup(l.lock())
}

// Early, and a flag.
func (l *ledger) early(n int) error {
	unlock := l.lock()
	locked := true
	defer func() {
		if locked {
			unlock()
		}
	}()
	if n == 0 {
		return errFull
	}
	unlock()
	locked = false
	return nil
}

func (l *ledger) earlyOnce(n int) {
	unlock := sync.OnceFunc(l.lock())
	defer unlock()
	if n == 0 {
		unlock()
	}
	l.entries = nil
}

func (l *ledger) once(n int) {
	unlock := l.lock()
	var once sync.Once
	defer once.Do(unlock)
	if n == 0 {
		once.Do(unlock)
	}
}

// lockOnce returns a function that can be called again.
func (l *ledger) lockOnce() func() {
	l.mu.Lock()
	return sync.OnceFunc(l.mu.Unlock)
}

func (l *ledger) lockFlagged() func() {
	l.mu.Lock()
	locked := true
	return func() {
		if locked {
			locked = false
			l.mu.Unlock()
		}
	}
}

func (l *ledger) useOnce(n int) {
	unlock := l.lockOnce()
	defer unlock()
	if n == 0 {
		unlock()
		return
	}
	l.entries = nil
}

func (l *ledger) useFlagged(n int) {
	unlock := l.lockFlagged()
	defer unlock()
	if n == 0 {
		unlock()
		return
	}
	l.entries = nil
}

// Returned up, also in a literal that does more.
func (l *ledger) lockMore() func() {
	unlock := l.lock()
	return func() {
		l.entries = l.entries[:0]
		unlock()
	}
}

func (l *ledger) lockNamed() (n int, unlock func(), err error) {
	unlock = l.lock()
	defer func() {
		if err != nil {
			unlock()
		}
	}()
	if l.closed {
		return 0, nil, errFull
	}
	return len(l.entries), unlock, nil
}

func (l *ledger) useMore() {
	defer l.lockMore()()
	l.entries = nil
}

// Released under the other name.
func (l *ledger) direct() {
	l.lock()
	l.entries = nil
	l.mu.Unlock()
}

// begin and end are a pair.
type pair struct {
	mu sync.Mutex
	n  int
}

func (p *pair) lock() func() {
	p.mu.Lock()
	return p.mu.Unlock
}

func (p *pair) begin() { p.lock() }

func (p *pair) end() { p.mu.Unlock() }

// A loop over objects.
func each(list []*ledger) {
	for _, l := range list {
		unlock := l.lock()
		l.entries = nil
		unlock()
	}
}

// The lock is let go for the next.
func chain(list []*ledger) {
	var unlock func()
	for _, l := range list {
		next := l.lock()
		if unlock != nil {
			unlock()
		}
		unlock = next
	}
	if unlock != nil {
		unlock()
	}
}

// A local function that is given the unlock.
func (l *ledger) local(n int) {
	finish := func(f func()) {
		l.entries = nil
		f()
	}
	unlock := l.lock()
	if n == 0 {
		finish(unlock)
		return
	}
	defer finish(unlock)
}

// The lock belongs to a new object.
func newLedger() *ledger {
	l := &ledger{}
	l.lock()
	return l
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
	defer k.lock(key)()
	println(key)
}

func (k *keyed) dropKey(key string) {
	k.lockUp(key)()
	println(key)
}

func (k *keyed) forgetKey(key string) error {
	unlock := k.lock(key)
	if key == "" {
		unlock()
		return errFull
	}
	unlock()
	return nil
}

func (k *keyed) forgetKeyTurn(keys []string) error {
	for _, key := range keys {
		unlock := k.lock(key)
		if key == "" {
			unlock()
			return errFull
		}
		unlock()
	}
	return nil
}

func useKey(s *store.Store, key string) int {
	defer s.LockKey(key)()
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
		unlock()
		return 0, errFull
	}
	n = p.n
	unlock()
	return n, nil
}

func (b *book) dropPage(n int) {
	p, unlock, err := b.page(n)
	if err == nil {
		p.n++
		unlock()
	}
}

func useRow(s *store.Store, key string) int {
	r, unlock, ok := s.Row(key)
	if !ok {
		return 0
	}
	defer unlock()
	if r.N == 0 {
		return 1
	}
	return r.N
}

// A lock that nobody else knows.
func gate() (open func(), wait func()) {
	var mu sync.Mutex
	mu.Lock()
	return mu.Unlock, func() { mu.Lock() }
}

func useGate() {
	_, _ = gate()
}

// door is a gate with one function.
func door() (open func()) {
	var mu sync.Mutex
	mu.Lock()
	return mu.Unlock
}

func useDoor() { door() }

// Several at once.
func (k *keyed) both(a, b string) {
	defer k.lock(a)()
	unlock := k.lock(b)
	defer unlock()
	println(a, b)
}

// Two functions unlock: one now, one to read on.
func (l *ledger) lockDown() (unlock, downgrade func()) {
	l.rows.Lock()
	return l.rows.Unlock, func() {
		l.rows.Unlock()
		l.entries = nil
	}
}

func (l *ledger) useDown() int {
	_, downgrade := l.lockDown()
	defer downgrade()
	return len(l.entries)
}

// The object can unlock, too.
type closer interface{ Close() }

type session struct{ l *ledger }

func (s *session) Close() { s.l.mu.Unlock() }

func (l *ledger) open() (closer, func()) {
	l.mu.Lock()
	return &session{l}, l.mu.Unlock
}

func (l *ledger) useOpen() int {
	s, _ := l.open()
	defer s.Close()
	return len(l.entries)
}

// What OnceFunc returns is not nil.
func (l *ledger) maybeOnce(need bool) int {
	var unlock func()
	if need {
		unlock = l.lockOnce()
	}
	n := len(l.entries)
	if unlock != nil {
		unlock()
	}
	return n
}

// tryLock returns nil when the lock is taken.
func (l *ledger) tryLock() func() {
	if !l.mu.TryLock() {
		return nil
	}
	return l.mu.Unlock
}

func (l *ledger) useTry() int {
	unlock := l.tryLock()
	if unlock == nil {
		return 0
	}
	defer unlock()
	return len(l.entries)
}

func (l *ledger) tryOK() (func(), bool) { return l.mu.Unlock, l.mu.TryLock() }

func (l *ledger) useOK() int {
	if unlock, ok := l.tryOK(); ok {
		defer unlock()
		return len(l.entries)
	}
	return 0
}

// A Locker of which nothing else is known.
func lockLocker(m sync.Locker) func() {
	m.Lock()
	return m.Unlock
}

func (l *ledger) useLocker(read bool) int {
	var m sync.Locker = &l.rows
	if read {
		m = l.rows.RLocker()
	}
	defer lockLocker(m)()
	return len(l.entries)
}

type released func()

func (r released) Close() { r() }

// The function has methods.
func (l *ledger) typed() int {
	r := released(l.lock())
	defer r.Close()
	return len(l.entries)
}

func (l *ledger) typedDirect() int {
	var r released = l.lock()
	defer r()
	return len(l.entries)
}

// In the cases of a switch, and in the body of an iterator.
func (l *ledger) cases(k int, seq func(func(int) bool)) int {
	var unlock func()
	switch k {
	case 0:
		return 0
	case 1:
		unlock = l.lock()
	default:
		unlock = l.rlock()
	}
	for i := range seq {
		if i == k {
			unlock()
			return i
		}
	}
	unlock()
	return k
}

// A goroutine reads the variable that is set later.
func (l *ledger) later(done chan bool) {
	var unlock func()
	go func() {
		<-done
		unlock()
	}()
	unlock = l.lock()
	close(done)
}
