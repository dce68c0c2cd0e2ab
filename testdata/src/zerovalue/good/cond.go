package good

import "sync"

type queue struct {
	mu    sync.Mutex
	cond  sync.Cond
	items []int
}

func newQueue() *queue {
	q := new(queue)
	q.cond.L = &q.mu
	return q
}

func (q *queue) pop() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.cond.Wait()
	}
	x := q.items[0]
	q.items = q.items[1:]
	return x
}

func (q *queue) push(x int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, x)
	q.cond.Signal()
}

func rendezvous(mu *sync.Mutex, ready func() bool) {
	cond := sync.NewCond(mu)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		cond.Broadcast()
	}()
	mu.Lock()
	defer mu.Unlock()
	for !ready() {
		cond.Wait()
	}
}

// The whole Cond is set.
type inbox struct {
	mu   sync.Mutex
	cond *sync.Cond
	n    int
}

func newInbox() *inbox {
	b := &inbox{}
	b.cond = sync.NewCond(&b.mu)
	return b
}

func (b *inbox) wait() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.n == 0 {
		b.cond.Wait()
	}
}

// The Locker is set by somebody else.
func lend(setup func(*sync.Cond), ready func() bool) {
	cond := new(sync.Cond)
	setup(cond)
	cond.L.Lock()
	defer cond.L.Unlock()
	for !ready() {
		cond.Wait()
	}
}

type parcel struct {
	mu   sync.Mutex
	cond *sync.Cond
	full bool
}

func newParcel() *parcel {
	m := new(parcel)
	m.cond = sync.NewCond(&m.mu)
	return m
}

func (m *parcel) wait() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for !m.full {
		m.cond.Wait()
	}
}

func (m *parcel) fill() {
	m.mu.Lock()
	m.full = true
	m.mu.Unlock()
	m.cond.Signal()
}

type lever struct {
	sync.Mutex
	*sync.Cond
	open bool
}

func newLever() *lever {
	g := &lever{Cond: sync.NewCond(nil)}
	g.L = g
	return g
}

func (g *lever) pass() {
	g.Lock()
	defer g.Unlock()
	for !g.open {
		g.Wait()
	}
}

var (
	idleMu sync.Mutex
	idle   = sync.NewCond(&idleMu)
	busy   int
)

func awaitIdle() {
	idleMu.Lock()
	defer idleMu.Unlock()
	for busy > 0 {
		idle.Wait()
	}
}

// The Locker comes later, by the field or from whoever is handed the Cond.
func late(mu *sync.Mutex, ready func() bool, prepare func(*sync.Cond)) {
	a, b := sync.NewCond(nil), sync.NewCond(nil)
	c := sync.NewCond(nil)
	c.L = mu
	prepare(a)
	d := sync.NewCond(nil)
	prepare(d)
	mu.Lock()
	defer mu.Unlock()
	for !ready() {
		c.Wait()
		d.Wait()
	}
	b.Signal()
}
