package bad

import "sync"

// A project's own name for an RWMutex, which it can replace by one that logs.
type rwLock interface {
	Lock()
	Unlock()
	RLock()
	RUnlock()
}

type tracked struct {
	mut     rwLock
	created int64
}

func newTracked() *tracked { return &tracked{mut: new(sync.RWMutex)} }

func (t *tracked) Created() int64 {
	t.mut.RLock()
	defer t.mut.RUnlock()
	return t.created
}

func (t *tracked) SetCreated(n int64) {
	t.mut.Lock()
	defer t.mut.Unlock()
	t.created = n
}

func (t *tracked) Save(put func(int64) error) error {
	t.mut.RLock()
	defer t.mut.RUnlock()
	return put(t.Created()) // want `t.Created blocks forever if a writer waits: it calls t.mut.RLock \(rwiface.go:21\), held for reading since line 33`
}
