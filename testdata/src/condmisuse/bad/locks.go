package bad

import (
	"sync"
	"sync/atomic"
)

type Gate struct {
	mu   sync.Mutex
	cond *sync.Cond
	open bool
}

func NewGate() *Gate {
	g := new(Gate)
	g.cond = sync.NewCond(&g.mu)
	return g
}

// Wait begins with an Unlock.
func (g *Gate) Pass() {
	for !g.open {
		g.cond.Wait() // want `g.cond.Wait panics: it unlocks g.cond.L, which no path to it has locked; lock it before the loop`
	}
}

// The lock is given up too early.
func (g *Gate) PassTwice() {
	g.mu.Lock()
	open := g.open
	g.mu.Unlock()
	for !open {
		g.cond.Wait() // want `g.cond.Wait panics`
		open = g.open
	}
}

func (g *Gate) Await() {
	g.mu.Lock()
	for !g.open {
		g.cond.Wait()
	}
	g.mu.Unlock()
}

// The change and the signal can fall between the look at g.open and the Wait.
func (g *Gate) Open() {
	g.open = true
	g.cond.Broadcast() // want `g.cond.Broadcast may be missed by Wait on line \d+, which then blocks forever: g.open is changed without the lock; hold it`
}

type Worker struct {
	mu      sync.Mutex
	cond    *sync.Cond
	stopped atomic.Bool
	jobs    []func()
}

func NewWorker() *Worker {
	w := &Worker{}
	w.cond = sync.NewCond(&w.mu)
	return w
}

// The goroutine is entered without a lock, and takes none.
func (w *Worker) Start() {
	go func() {
		for len(w.jobs) == 0 {
			w.cond.Wait() // want `w.cond.Wait panics`
		}
	}()
}

func (w *Worker) next() func() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.jobs) == 0 && !w.stopped.Load() {
		w.cond.Wait()
	}
	if len(w.jobs) == 0 {
		return nil
	}
	job := w.jobs[0]
	w.jobs = w.jobs[1:]
	return job
}

// An atomic variable is seen by the next look, but there may be none.
func (w *Worker) Stop() {
	w.stopped.Store(true)
	w.cond.Broadcast() // want `w.cond.Broadcast may be missed by Wait`
}

// queue has a lock of its own for the flag.
type Queue struct {
	mu       sync.Mutex
	cond     sync.Cond
	items    []int
	flagLock sync.Mutex
	closed   bool
}

func NewQueue() *Queue {
	q := new(Queue)
	q.cond.L = &q.mu
	return q
}

func (q *Queue) isClosed() bool {
	q.flagLock.Lock()
	defer q.flagLock.Unlock()
	return q.closed
}

func (q *Queue) Get() (int, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		if q.isClosed() {
			return 0, false
		}
		q.cond.Wait()
	}
	n := q.items[0]
	q.items = q.items[1:]
	return n, true
}

// The waiter that has looked at the flag keeps this lock from nothing.
func (q *Queue) Close() {
	q.flagLock.Lock()
	defer q.flagLock.Unlock()
	q.closed = true
	q.cond.Broadcast() // want `q.cond.Broadcast may be missed by Wait on line \d+, which then blocks forever: q.closed is changed without the lock; hold it`
}

// Snapshot is a value with a version that readers wait for.
type Snapshot struct {
	lock    sync.Mutex
	fresh   *sync.Cond
	version int
	data    []byte
}

func NewSnapshot() *Snapshot {
	s := &Snapshot{}
	s.fresh = sync.NewCond(&s.lock)
	return s
}

func (s *Snapshot) After(version int) (int, []byte) {
	s.lock.Lock()
	defer s.lock.Unlock()
	for s.version <= version {
		s.fresh.Wait()
	}
	return s.version, s.data
}

// The version is changed when the lock has been let go: between a reader's look at it
// and its Wait.
func (s *Snapshot) publishLate(data []byte) {
	s.lock.Lock()
	s.data = data
	s.lock.Unlock()
	s.version++ // want `s.version is changed after the unlock: the Broadcast on line \d+ may be missed by Wait on line \d+, which then blocks forever; change it before`
	s.fresh.Broadcast()
}

// What decides is a function of the caller's, of the position it is given.
type Log struct {
	lock     sync.Mutex
	grown    *sync.Cond
	position atomic.Int64
}

func NewLog() *Log {
	l := new(Log)
	l.grown = sync.NewCond(&l.lock)
	return l
}

func (l *Log) Await(enough func(position int64) bool) {
	l.lock.Lock()
	defer l.lock.Unlock()
	for !enough(l.position.Load()) {
		l.grown.Wait()
	}
}

func (l *Log) Advance(position int64) {
	l.position.Store(position)
	l.grown.Broadcast() // want `l.grown.Broadcast may be missed by Wait on line \d+, which then blocks forever: l.position is changed without the lock; hold it`
}
