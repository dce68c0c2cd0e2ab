// Package flagged reads what a method says to be there.
package flagged

import (
	"sync"
	"sync/atomic"
)

type Future struct {
	mu    sync.Mutex
	state uint32
	val   int64
}

func (f *Future) ready() bool { return atomic.LoadUint32(&f.state) == 1 }

func (f *Future) Set(v int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ready() {
		return
	}
	atomic.StoreInt64(&f.val, v)
	atomic.StoreUint32(&f.state, 1)
}

func (f *Future) Get() (int64, bool) {
	if !f.ready() {
		return 0, false
	}
	return f.val, true
}

func (f *Future) Peek() int64 { return atomic.LoadInt64(&f.val) }
