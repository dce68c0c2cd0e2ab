// Package captured reads behind a flag that a deferred literal has as well.
package captured

import (
	"errors"
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

func (f *Future) Get() (v int64, err error) {
	ready := atomic.LoadUint32(&f.state) == 1
	defer func() {
		if !ready {
			err = errors.New("not ready")
		}
	}()
	if ready {
		v = f.val
	}
	return v, nil
}

func (f *Future) Peek() int64 { return atomic.LoadInt64(&f.val) }
