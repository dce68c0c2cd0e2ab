package good

import (
	"sync"
	"sync/atomic"
)

type ticket struct {
	node uint16
	seq  uint32
}

type tickets struct {
	node  uint16
	seq   atomic.Uint32
	given atomic.Int64
	mu    sync.Mutex
}

func (t *tickets) Next() ticket {
	return ticket{node: t.node, seq: t.seq.Add(1)}
}

// What is only shown need not be exact, and what goes down is no number of anybody.
func (t *tickets) Give(show func(int64)) bool {
	t.given.Add(1)
	show(t.given.Load())
	return t.given.Load() > 100
}

// Nobody else adds while the lock is held.
func (t *tickets) NextLocked() uint32 {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seq.Add(1)
	return t.seq.Load()
}

type serial struct{ n int64 }

func (s *serial) Next() int {
	return int(atomic.AddInt64(&s.n, 1))
}

// A new one is nobody else's.
func newSerial() int64 {
	s := new(serial)
	atomic.AddInt64(&s.n, 1)
	return atomic.LoadInt64(&s.n)
}

type fuse struct {
	mu    sync.Mutex
	state int32
	fails int
	blown int32
}

func (f *fuse) Blown() bool { return atomic.LoadInt32(&f.state) == 1 }

func (f *fuse) Fail() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fails++; f.fails > 3 {
		atomic.StoreInt32(&f.state, 1)
		f.blown++ // only under the lock
	}
}

func (f *fuse) Succeed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fails = 0
	atomic.StoreInt32(&f.state, 0)
}

// Under the lock nobody writes, so it can be read plainly.
func (f *fuse) State() int32 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state + f.blown
}
