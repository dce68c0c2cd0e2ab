package good

import "sync/atomic"

type meter struct {
	n    *int64
	own  int64
	name string
}

// The copy of the struct has the same pointer.
func (m meter) add(n int64) { atomic.AddInt64(m.n, n) }

func (m meter) count() int64 { return atomic.LoadInt64(m.n) }

func (m *meter) tick() { atomic.AddInt64(&m.own, 1) }

func (m *meter) ticks() int64 { return atomic.LoadInt64(&m.own) }

// A copy that is made for goroutines of its own.
func fanOut(m meter, work func(*int64)) *meter {
	p := &m
	for range 3 {
		go work(p.n)
	}
	return p
}

// The copy is what the goroutines share.
func countOwn(m meter, work func()) int64 {
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
		atomic.AddInt64(&m.own, 1)
	}()
	atomic.AddInt64(&m.own, 1)
	<-done
	return atomic.LoadInt64(&m.own)
}

// Who hands over the copy makes it under the lock of the writers.
func (m *meter) merge(o meter) int64 {
	return atomic.LoadInt64(&m.own) + atomic.LoadInt64(&o.own)
}
