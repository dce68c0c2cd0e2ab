package good

import (
	"sync"
	"sync/atomic"
)

// A Promise is kept once: its value is there when done says so, and stays.
type Promise struct {
	mu    sync.Mutex
	done  uint32
	value int64
}

func (p *Promise) Keep(v int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if atomic.LoadUint32(&p.done) == 1 {
		return false
	}
	atomic.StoreInt64(&p.value, v)
	atomic.StoreUint32(&p.done, 1)
	return true
}

func (p *Promise) Peek() (int64, bool) {
	if atomic.LoadUint32(&p.done) == 0 {
		return 0, false
	}
	return p.value, true
}
