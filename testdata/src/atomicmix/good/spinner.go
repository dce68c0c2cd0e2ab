package good

import "sync/atomic"

type Spinner struct {
	state uint32
	owner int64
}

func (s *Spinner) Lock(id int64, yield func()) {
	for !atomic.CompareAndSwapUint32(&s.state, 0, 1) {
		yield()
	}
	atomic.StoreInt64(&s.owner, id)
}

func (s *Spinner) Unlock(id int64) {
	if s.owner != id { // written by who holds the lock only: this one
		panic("not the owner")
	}
	atomic.StoreInt64(&s.owner, 0)
	atomic.StoreUint32(&s.state, 0)
}

func (s *Spinner) Owner() int64 { return atomic.LoadInt64(&s.owner) }
