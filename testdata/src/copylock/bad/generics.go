package bad

import (
	"slices"
	"sync"
)

type node struct {
	mu sync.Mutex
	id int
}

// last does not know that it copies a lock; its caller does.
func last[T any](list []T) (t T) {
	for _, v := range list {
		t = v
	}
	return t
}

// lastOf copies because last does.
func lastOf[K comparable, T any](m map[K][]T, k K) T {
	return last(m[k])
}

type ring[T any] struct {
	slots []T
	next  int
}

func (r *ring[T]) peek() T { return r.slots[r.next] }

func instances(nodes []node, byName map[string][]node, r *ring[node]) int {
	n := last(nodes)            // want `last copies node.mu \(sync.Mutex\) on line 15: the two do not exclude each other; use it with \*node`
	m := lastOf(byName, "")     // want `lastOf copies node.mu \(sync.Mutex\) on line 23: .*`
	p := r.peek()               // want `r.peek copies node.mu \(sync.Mutex\) on line 31: .*`
	list := slices.Clone(nodes) // want `slices.Clone copies node.mu \(sync.Mutex\): .*; use it with \*node`
	return n.id + m.id + p.id + list[0].id
}

// The constraint names the lock: the declaration is enough to know.
func guard[L ~struct{ mu sync.Mutex }](l L) { // want `guard copies l.mu \(sync.Mutex\) at each call: .*; make it \*L`
	_ = &l
}
