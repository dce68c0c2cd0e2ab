package bad

import "sync/atomic"

type meter struct {
	n     int64
	lost  int64
	label string
}

func (m *meter) add(n int) { atomic.AddInt64(&m.n, int64(n)) }

func (m *meter) miss() { atomic.AddInt64(&m.lost, 1) }

// The receiver is a copy.
func (m meter) count() int64 {
	return atomic.LoadInt64(&m.n) // want `atomic operation on m.n reads a copy, made by a plain read that races with the atomic write on line \d+: the receiver m is a value; make it a pointer`
}

func (m meter) forget() {
	atomic.StoreInt64(&m.lost, 0) // want `atomic operation on m.lost changes a copy, and m.lost itself stays as it is: the receiver m is a value; make it a pointer`
}
