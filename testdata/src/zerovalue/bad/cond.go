package bad

import "sync"

type queue struct {
	mu    sync.Mutex
	cond  sync.Cond
	items []int
}

// Wait unlocks q.cond.L, which is nil.
func (q *queue) pop() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.cond.Wait() // want `q.cond.Wait panics: q.cond has no Locker, since nothing sets q.cond.L; make it with sync.NewCond and the lock`
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

// A Cond is not ready as declared.
func rendezvous(mu *sync.Mutex, ready func() bool) {
	cond := &sync.Cond{}
	go func() {
		mu.Lock()
		defer mu.Unlock()
		cond.Broadcast()
	}()
	mu.Lock()
	defer mu.Unlock()
	for !ready() {
		cond.Wait() // want `cond.Wait panics: cond has no Locker`
	}
}

// NewCond takes nil, Wait does not.
type parcel struct {
	mu   sync.Mutex
	cond *sync.Cond
	full bool
}

func newParcel() *parcel {
	m := new(parcel)
	m.cond = sync.NewCond(nil)
	return m
}

func (m *parcel) wait() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for !m.full {
		m.cond.Wait() // want `m.cond.Wait panics: m.cond has no Locker, since nothing sets m.cond.L; make it with sync.NewCond and the lock`
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
	return &lever{Cond: sync.NewCond(nil)}
}

func (g *lever) pass() {
	g.Lock()
	defer g.Unlock()
	for !g.open {
		g.Wait() // want `g.Cond.Wait panics: g.Cond has no Locker`
	}
}

var (
	idleMu sync.Mutex
	idle   = sync.NewCond(nil)
	busy   int
)

func awaitIdle() {
	idleMu.Lock()
	defer idleMu.Unlock()
	for busy > 0 {
		idle.Wait() // want `idle.Wait panics: idle has no Locker`
	}
}
