package bad

import "time"

type server struct {
	done  chan struct{}
	ready chan struct{}
}

// Two callers find it open, and the second close panics.
func (s *server) Stop() error {
	select {
	case <-s.done:
	default:
		close(s.done) // want `close of s.done panics if two goroutines find it open on line 12; use sync.Once`
	}
	return nil
}

var stopped = make(chan struct{})

func Shutdown() {
	select {
	case <-stopped:
		return
	default:
	}
	close(stopped) // want `close of stopped panics if two goroutines find it open on line 23; use sync.Once`
}

// One of the cases is another way to see that it is over.
func (s *server) Quit() {
	select {
	case <-s.done:
	case <-s.ready:
	default:
		close(s.ready) // want `close of s.ready panics if two goroutines find it open on line 33; use sync.Once`
		<-s.done
	}
}

// replica is synced, or has had its time.
type replica struct {
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
	select {
	case <-r.synced:
	default:
		close(r.synced) // want `close of r.synced panics if two goroutines find it open on line \d+; use sync.Once`
	}
}

// Tap asks by a helper.
type Tap struct {
	shut chan struct{}
	why  error
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
	if t.isShut() {
		return
	}
	close(t.shut) // want `close of t\.shut panics if two goroutines find it open on line \d+; use sync.Once`
}
