package good

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

func (g *Gate) Pass() {
	g.cond.L.Lock()
	defer g.cond.L.Unlock()
	for !g.open {
		g.cond.Wait()
	}
}

func (g *Gate) PassTwice() {
	g.mu.Lock()
	open := g.open
	for !open {
		g.cond.Wait()
		open = g.open
	}
	g.mu.Unlock()
}

func (g *Gate) Await() {
	g.mu.Lock()
	for !g.open {
		g.cond.Wait()
	}
	g.mu.Unlock()
}

func (g *Gate) Open() {
	g.mu.Lock()
	g.open = true
	g.mu.Unlock()
	g.cond.Broadcast()
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

func (w *Worker) Start() {
	go func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for len(w.jobs) == 0 {
			w.cond.Wait()
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

// The lock between the change and the signal is a barrier: whoever has looked
// before it waits by now.
func (w *Worker) Stop() {
	w.stopped.Store(true)
	w.mu.Lock()
	w.mu.Unlock() //nolint:staticcheck // a barrier
	w.cond.Broadcast()
}

// The caller holds the lock.
func (w *Worker) waitLocked() {
	for len(w.jobs) == 0 {
		w.cond.Wait()
	}
}

func (w *Worker) Wait() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waitLocked()
}

// Whoever embeds the lock can be asked to hold it.
type Shared struct {
	sync.Mutex
	cond *sync.Cond
	n    int
}

func NewShared() *Shared {
	s := &Shared{}
	s.cond = sync.NewCond(s)
	return s
}

func (s *Shared) WaitLocked() {
	for s.n == 0 {
		s.cond.Wait()
	}
}

func (s *Shared) AddLocked() {
	s.n++
	s.cond.Signal()
}

// The goroutine takes the lock over, and Wait is the first to unlock it.
func (w *Worker) Changed() <-chan int {
	changed := make(chan int, 1)
	w.cond.L.Lock()
	go func() {
		w.cond.Wait()
		changed <- len(w.jobs)
		w.cond.L.Unlock()
	}()
	return changed
}

// Queue has a lock of its own for the flag.
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

// The lock of the Cond is taken too: no waiter is between its look and its Wait.
func (q *Queue) Close() {
	q.flagLock.Lock()
	q.closed = true
	q.flagLock.Unlock()
	q.mu.Lock()
	q.cond.Broadcast()
	q.mu.Unlock()
}

// Snapshot is a value with a version that readers wait for.
type Snapshot struct {
	lock    sync.Mutex
	fresh   *sync.Cond
	version int
	data    []byte
	ended   atomic.Bool
}

func NewSnapshot() *Snapshot {
	s := &Snapshot{}
	s.fresh = sync.NewCond(&s.lock)
	return s
}

func (s *Snapshot) After(version int) (int, []byte) {
	s.lock.Lock()
	defer s.lock.Unlock()
	for s.version <= version && !s.ended.Load() {
		s.fresh.Wait()
	}
	return s.version, s.data
}

func (s *Snapshot) bump() { s.version++ }

func (s *Snapshot) publishLate(data []byte) {
	s.lock.Lock()
	s.data = data
	s.version++
	s.lock.Unlock()
	s.fresh.Broadcast()
}

// A method that is called with the lock makes the change.
func (s *Snapshot) publishByMethod(data []byte) {
	s.lock.Lock()
	s.data = data
	s.bump()
	s.lock.Unlock()
	s.fresh.Broadcast()
}

// The lock is taken again between the change and the signal.
func (s *Snapshot) endAfterUnlock() {
	s.lock.Lock()
	s.data = nil
	s.lock.Unlock()
	s.ended.Store(true)
	s.lock.Lock()
	s.fresh.Broadcast()
	s.lock.Unlock()
}

// The caller has the lock, which is let go for the time of a write only.
func (s *Snapshot) publishLocked(write func([]byte), data []byte) {
	s.lock.Unlock()
	write(data)
	s.lock.Lock()
	s.version++
	s.fresh.Broadcast()
}

func (s *Snapshot) Publish(write func([]byte), data []byte) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.publishLocked(write, data)
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
	l.lock.Lock()
	l.position.Store(position)
	l.lock.Unlock()
	l.grown.Broadcast()
}
