package good

import (
	"slices"
	"sync"
)

type node struct {
	mu sync.Mutex
	id int
}

func last[T any](list []T) (t T) {
	for _, v := range list {
		t = v
	}
	return t
}

func lastOf[K comparable, T any](m map[K][]T, k K) T {
	return last(m[k])
}

type ring[T any] struct {
	slots []T
	next  int
}

func (r *ring[T]) peek() T { return r.slots[r.next] }

func instances(nodes []*node, byName map[string][]*node, r *ring[*node]) int {
	n := last(nodes)
	m := lastOf(byName, "")
	p := r.peek()
	list := slices.Clone(nodes)
	return n.id + m.id + p.id + list[0].id
}

func guard[L ~struct{ mu sync.Mutex }](l *L) {
	_ = l
}

// at hands out the element itself, and must what it was given.
func at[T any](list []T, i int) *T { return &list[i] }

func must[T any](t T, err error) T {
	if err != nil {
		panic(err)
	}
	return t
}

func makeNode() (node, error) { return node{id: 1}, nil }

func untouched(nodes []node) int {
	n := must(makeNode())
	return at(nodes, 0).id + n.id + slices.IndexFunc([]int{1}, func(int) bool { return true })
}
