package bad

import (
	"sync"
	"sync/atomic"
)

type ticket struct {
	node uint16
	seq  uint32
}

type tickets struct {
	node uint16
	seq  atomic.Uint32
}

// Between the two another goroutine adds, and both get its number.
func (t *tickets) Next() ticket {
	t.seq.Add(1)
	return ticket{node: t.node, seq: t.seq.Load()} // want `another goroutine can add to t.seq between the Add on line 20 and this Load, and both get one value; use what Add returns`
}

type serial struct{ n int64 }

func (s *serial) Next() int {
	atomic.AddInt64(&s.n, 1)
	return int(atomic.LoadInt64(&s.n)) // want `another goroutine can add to s.n between the Add on line 27 and this Load`
}

type fuse struct {
	mu    sync.Mutex
	state int32
	fails int
}

// Blown has to be fast.
func (f *fuse) Blown() bool { return atomic.LoadInt32(&f.state) == 1 }

func (f *fuse) Fail() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fails++; f.fails > 3 {
		atomic.StoreInt32(&f.state, 1)
	}
}

func (f *fuse) Succeed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fails = 0
	f.state = 0 // want `plain write of f.state races with the atomic read on line 38; use package atomic for both`
}
