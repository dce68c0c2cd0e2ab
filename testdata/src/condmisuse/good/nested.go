package good

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
		g.free.Wait()
	}
	g.room--
}

func (g *turnstile) leave() {
	g.mu.Lock()
	g.room++
	g.mu.Unlock()
	g.free.Signal()
}

// A station has a turnstile of its own.
type station struct {
	mu      sync.Mutex
	gate    *turnstile
	visits  int
	leaving int
}

func newStation(room int) *station { return &station{gate: newTurnstile(room)} }

func (st *station) Arrive() {
	st.mu.Lock()
	st.visits++
	st.mu.Unlock()
	st.gate.enter()
}

func (st *station) Depart() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.leaving++
	st.gate.leave()
}

// A accounts has two locks, and reads while others do.
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
		l.settled.Wait()
	}
}

func (l *accounts) Settle() {
	l.books.RLock()
	defer l.books.RUnlock()
	l.settle()
}

func (l *accounts) settle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open--
	l.settled.Broadcast()
}

// A boat shares its lock of passengers with other boats: who leaves another one makes room.
type boat struct {
	mu     sync.Mutex
	lock   *turnstile
	trips  int
	landed int
}

func fleet(n int) (boats []*boat) {
	shared := newTurnstile(2)
	for range n {
		boats = append(boats, &boat{lock: shared})
	}
	return boats
}

func (b *boat) Enter() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trips++
	b.lock.enter()
}

func (b *boat) Leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.landed++
	b.lock.leave()
}

// A depot is closed by a goroutine that does without the lock.
type depot struct {
	outer  sync.Mutex
	mu     sync.Mutex
	filled *sync.Cond
	boxes  int
	closed bool
}

func newDepot() *depot {
	d := &depot{}
	d.filled = sync.NewCond(&d.mu)
	return d
}

func (d *depot) Take() bool {
	d.outer.Lock()
	defer d.outer.Unlock()
	d.mu.Lock()
	defer d.mu.Unlock()
	for d.boxes == 0 && !d.closed {
		d.filled.Wait()
	}
	if d.boxes == 0 {
		return false
	}
	d.boxes--
	return true
}

func (d *depot) Put() {
	d.outer.Lock()
	defer d.outer.Unlock()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.boxes++
	d.filled.Signal()
}

func (d *depot) Shut() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	d.filled.Broadcast()
}

// A yard lets the outer lock go as long as it waits.
type yard struct {
	outer sync.Mutex
	mu    sync.Mutex
	ready *sync.Cond
	carts int
}

func newYard() *yard {
	y := &yard{}
	y.ready = sync.NewCond(&y.mu)
	return y
}

func (y *yard) Load() {
	y.outer.Lock()
	defer y.outer.Unlock()
	y.await()
}

func (y *yard) await() {
	y.outer.Unlock()
	y.mu.Lock()
	for y.carts == 0 {
		y.ready.Wait()
	}
	y.carts--
	y.mu.Unlock()
	y.outer.Lock()
}

func (y *yard) Bring() {
	y.outer.Lock()
	defer y.outer.Unlock()
	y.mu.Lock()
	defer y.mu.Unlock()
	y.carts++
	y.ready.Signal()
}

// The lock and the Cond's lock are the same variable.
type marks struct {
	mu   *sync.Mutex
	cond *sync.Cond
	set  map[string]bool
}

func newMarks() *marks {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	return &marks{mu: &mu, cond: cond, set: make(map[string]bool)}
}

func (m *marks) Take(key string) {
	m.mu.Lock()
	for m.set[key] {
		m.cond.Wait()
	}
	m.set[key] = true
	m.mu.Unlock()
}

func (m *marks) Leave(key string) {
	m.mu.Lock()
	delete(m.set, key)
	m.cond.Broadcast()
	m.mu.Unlock()
}
