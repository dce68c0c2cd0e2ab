package good

import (
	"sync"
	"time"
)

type server struct {
	once sync.Once
	mu   sync.Mutex
	done chan struct{}
	idle chan struct{}
}

// Once is once.
func (s *server) Stop() error {
	s.once.Do(func() { close(s.done) })
	return nil
}

// Nobody else is between the look and the close.
func (s *server) Idle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.idle:
	default:
		close(s.idle)
	}
}

// Only this goroutine closes what it has made.
func (s *server) run(work <-chan int) {
	ready := make(chan struct{})
	for range work {
		select {
		case <-ready:
		default:
			close(ready)
		}
	}
}

// What reaches it is one goroutine, and none starts it twice.
type loop struct{ first chan struct{} }

func newLoop(work <-chan int) *loop {
	l := &loop{first: make(chan struct{})}
	go l.run(work)
	return l
}

func (l *loop) run(work <-chan int) {
	for range work {
		select {
		case <-l.first:
		default:
			close(l.first)
		}
	}
}

// The owner can call it twice.
func (l *loop) Close() error {
	select {
	case <-l.first:
	default:
		close(l.first)
	}
	return nil
}

// replica is synced, or has had its time.
type replica struct {
	once   sync.Once
	synced chan struct{}
	load   func() error
}

// Run loads it. This should be run in a goroutine.
func (r *replica) Run(limit time.Duration) {
	time.AfterFunc(limit, r.settle)
	if r.load() != nil {
		r.settle()
		return
	}
	r.settle()
}

func (r *replica) settle() {
	r.once.Do(func() { close(r.synced) })
}

// shard is settled by the one goroutine that runs it.
type shard struct {
	synced chan struct{}
	load   func() error
}

// Load must be called from the goroutine that has made the shard.
func (s *shard) Load() {
	if s.load() != nil {
		s.settle()
		return
	}
	s.settle()
}

func (s *shard) settle() {
	select {
	case <-s.synced:
	default:
		close(s.synced)
	}
}

type connection struct{ errs, started chan struct{} }

type connContext interface {
	Conn() *connection
	Initialize()
}

// The goroutine of a connection looks it up; nobody else has it, as far as is seen.
func Receive(ctx connContext) {
	con := ctx.Conn()
	defer func() {
		close(con.errs)
		select {
		case <-con.started:
		default:
			close(con.started)
		}
	}()
	ctx.Initialize()
}

func (c *connection) MarkStarted() { close(c.started) }

// Tap asks by a helper, under a lock.
type Tap struct {
	mu   sync.Mutex
	shut chan struct{}
}

func NewTap() *Tap { return &Tap{shut: make(chan struct{})} }

func (t *Tap) isShut() bool {
	select {
	case <-t.shut:
		return true
	default:
		return false
	}
}

func (t *Tap) Shut() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.isShut() {
		return
	}
	close(t.shut)
}
