package lockset

import (
	"go/types"
	"slices"
)

// Two orders of locks that never run at the same time are no deadlock. This file
// finds what the text says of that.

// apart reports whether the two edges cannot be gone along at the same time, on the
// same objects.
func (o *orderer) apart(a, b Edge) bool {
	return o.s.parted(a, b)
}

// parted reports whether one edge is only come to when something has been taken out
// of the container by which the other finds the object that it locks.
func (s *Set) parted(a, b Edge) bool {
	la, ok := legOf(a)
	if !ok {
		return false
	}
	lb, ok := legOf(b)
	if !ok {
		return false
	}
	after := func(e Edge, paths ...[]*types.Var) bool {
		var ways []*types.Var
		for _, path := range paths {
			ways = append(ways, containers(path)...)
		}
		return len(ways) > 0 && slices.ContainsFunc(s.takenOut(e.Held, 0), func(f *types.Var) bool { return slices.Contains(ways, f) })
	}
	return after(a, la.from, lb.to) || after(b, lb.from, la.to)
}

// containers are the slices, maps and lists that the fields lead through.
func containers(path []*types.Var) []*types.Var {
	return slices.DeleteFunc(slices.Clone(path[:len(path)-1]), func(f *types.Var) bool { return !holdsMany(f.Type()) })
}
