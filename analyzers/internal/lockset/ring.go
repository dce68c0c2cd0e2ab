package lockset

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
)

// Three orders that lead in a circle are a deadlock when three objects are linked in the
// same circle. Each order leads from a part of some object to a part of what that leads
// to; that the part which one order ends at is the one that the next begins at is known
// where the types of one object's fields say it, or where a function makes the objects
// point to each other in this way: then interfaces and containers between them are no doubt.

// ring reports whether it is known that the edges are between the same three objects.
func (s *Set) ring(edges ...Edge) bool {
	if !slices.ContainsFunc(edges, func(e Edge) bool { return !e.Same }) {
		return true
	}
	var legs []leg
	for _, e := range edges {
		l, ok := legOf(e)
		if !ok || !untyped(l.from, l.to) || rootGlobal(e) {
			return false
		}
		legs = append(legs, l)
	}
	return ofOneObject(legs) || s.linkedRing(legs)
}

func rootGlobal(e Edge) bool { return e.fromAt.root.Kind == access.Global }

// ofOneObject reports whether all orders are between parts of one object by the same fields.
// Of many elements, which one is meant is not known, but where only one of the parts is
// an element, some turn is of the same.
func ofOneObject(legs []leg) bool {
	elements := 0
	for i, l := range legs {
		next := legs[(i+1)%len(legs)]
		if !slices.Equal(l.to, next.from) || !sameStruct(l.typ, next.typ) || !typed(l.from) {
			return false
		}
		if many(l.from) {
			elements++
		}
	}
	return elements < 2
}

// linkedRing reports whether some function makes objects point to each other so that each
// order leads from the object that the one before leads to.
func (s *Set) linkedRing(legs []leg) bool {
	var ways []*types.Var
	for _, l := range legs {
		for _, path := range [][]*types.Var{l.from, l.to} {
			for _, f := range path[:len(path)-1] {
				if leadsOn(f) && !slices.Contains(ways, f) {
					ways = append(ways, f)
				}
			}
		}
	}
	for _, fn := range s.Pkg.Funcs {
		if !s.Pkg.InTest(fn) && s.closesRing(fn, legs, ways) {
			return true
		}
	}
	return false
}

// leadsOn reports whether the field leads to an object outside of its own.
func leadsOn(f *types.Var) bool { return isReference(f.Type()) || holdsMany(f.Type()) }

// closesRing reports whether the function does.
func (s *Set) closesRing(fn *ssa.Function, legs []leg, ways []*types.Var) bool {
	knots := make(map[*types.Var][]knot)
	var objects []*access.Ref
	for _, f := range ways {
		knots[f] = s.knots(fn, f)
		if len(knots[f]) == 0 {
			return false
		}
		for _, k := range knots[f] {
			for _, r := range []*access.Ref{k.holder, k.target} {
				if !slices.Contains(objects, r) && len(objects) < 16 {
					objects = append(objects, r)
				}
			}
		}
	}
	// The object that each order leads from, as far as the objects here are of its type.
	var follow func(i int, first, at []*access.Ref) bool
	follow = func(i int, first, at []*access.Ref) bool {
		if i == len(legs) {
			return meets(first, at)
		}
		for _, r := range objects {
			if !sameStruct(refType(r), legs[i].typ) {
				continue
			}
			from, to := s.follow(r, legs[i].from, knots), s.follow(r, legs[i].to, knots)
			if i == 0 && len(from) > 0 && follow(1, from, to) || i > 0 && meets(at, from) && follow(i+1, first, to) {
				return true
			}
		}
		return false
	}
	return follow(0, nil, nil)
}

func meets(a, b []*access.Ref) bool {
	return slices.ContainsFunc(a, func(r *access.Ref) bool { return slices.Contains(b, r) })
}

// refType is the type of the object.
func refType(r *access.Ref) types.Type {
	if r.Kind == access.Field {
		return r.Field.Type()
	}
	return rootType(r)
}

// follow returns the objects that have the lock at the end of the path.
func (s *Set) follow(from *access.Ref, path []*types.Var, knots map[*types.Var][]knot) []*access.Ref {
	at := []*access.Ref{from}
	for _, f := range path[:len(path)-1] {
		var next []*access.Ref
		for _, r := range at {
			if !leadsOn(f) {
				next = append(next, s.Pkg.Access.Field(r, f))
				continue
			}
			for _, k := range knots[f] {
				if k.holder == r {
					next = append(next, k.target)
				}
			}
		}
		at = next
	}
	return at
}

// knots are those that the function makes by the field, itself or by what it calls, in
// its own terms.
func (s *Set) knots(fn *ssa.Function, field *types.Var) []knot {
	key := knotKey{fn, field}
	if list, ok := s.madeKnots[key]; ok {
		return list
	}
	if s.madeKnots == nil {
		s.madeKnots = make(map[knotKey][]knot)
	}
	s.madeKnots[key] = nil // of a recursive one, the rest tells
	var list []knot
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if into, values := s.puts(instr); into != nil && into.Kind == access.Field && into.Field == field {
				for _, v := range values {
					if isReference(v.Type()) {
						list = append(list, knot{into.Base, s.Pkg.Access.Of(v)})
					}
				}
			}
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			callee := s.local(call)
			if callee == nil {
				continue
			}
			for _, k := range s.knots(callee, field) {
				for _, holder := range s.named(call, callee, k.holder) {
					for _, target := range s.named(call, callee, k.target) {
						list = append(list, knot{holder, target})
					}
				}
			}
		}
	}
	s.madeKnots[key] = list[:min(len(list), 32)]
	return s.madeKnots[key]
}

type knotKey struct {
	fn    *ssa.Function
	field *types.Var
}

// named are the names in the caller of an object of the called function: what it was given
// or returns.
func (s *Set) named(call *ssa.Call, callee *ssa.Function, r *access.Ref) []*access.Ref {
	if r.Kind == access.Alloc {
		return s.resultsOf(call, callee, r)
	}
	if in := s.inCaller(call, callee, r); in != nil {
		return []*access.Ref{in}
	}
	return nil
}
