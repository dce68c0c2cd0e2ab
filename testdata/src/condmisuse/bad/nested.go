package bad

import "sync"

// A turnstile lets through as many as there is room for.
type turnstile struct {
	mu   sync.Mutex
	free *sync.Cond
	room int
}

func newTurnstile(room int) *turnstile {
	g := &turnstile{room: room}
	g.free = sync.NewCond(&g.mu)
	return g
}

func (g *turnstile) enter() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.room == 0 {
		g.free.Wait() // want `g.free.Wait keeps st.mu locked, taken on line \d+, and all that wake it need that lock first: blocks forever; unlock it before`
	}
	g.room--
}

func (g *turnstile) leave() {
	g.mu.Lock()
	g.room++
	g.mu.Unlock()
	g.free.Signal()
}

// A station has a turnstile of its own, and keeps its lock while somebody waits there:
// nobody can leave.
type station struct {
	mu      sync.Mutex
	gate    *turnstile
	visits  int
	leaving int
}

func newStation(room int) *station { return &station{gate: newTurnstile(room)} }

func (st *station) Arrive() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.visits++
	st.gate.enter()
}

func (st *station) Depart() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.leaving++
	st.gate.leave()
}

// A accounts has two locks, and waits with both.
type accounts struct {
	books   sync.RWMutex
	mu      sync.Mutex
	settled *sync.Cond
	open    int
}

func newAccounts() *accounts {
	l := &accounts{}
	l.settled = sync.NewCond(&l.mu)
	return l
}

func (l *accounts) Close() {
	l.books.RLock()
	defer l.books.RUnlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.open > 0 {
		l.settled.Wait() // want `l.settled.Wait keeps l.books locked, taken on line \d+, and all that wake it need that lock first`
	}
}

func (l *accounts) Settle() {
	l.books.Lock()
	defer l.books.Unlock()
	l.settle()
}

func (l *accounts) settle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open--
	l.settled.Broadcast()
}
