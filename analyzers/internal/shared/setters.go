package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// setters finds the fields that a goroutine reads which the constructor of the object
// has started, and that a method sets when it is called: the goroutine can be reading
// from the moment that the caller has the object.
func (s *Set) setters(uses []*use, told map[*ssa.Function]bool) {
	for _, u := range uses {
		c := s.contexts[u.fn]
		if u.Write || u.quiet || u.owned || len(u.locks) > 0 || c.api && !s.private(u.fn) || c.quiet || len(c.by) == 0 || s.excused(u.Leaf) {
			continue
		}
		for _, o := range uses {
			if told[o.fn] || !o.Write || !clash(u, o) || !s.loosely(o) || len(s.acquiresBefore(o)) > 0 {
				continue
			}
			if g := s.reader(u, o); g != nil {
				told[o.fn] = true
				s.addLoose(Loose{At: o.Access, Against: u.Access, Go: g})
			}
		}
	}
}

// reader returns what starts the goroutine of u, if that is always a function which makes
// the object, and the goroutine waits for nothing but time before it reads.
func (s *Set) reader(u, o *use) ssa.CallInstruction {
	var start ssa.CallInstruction
	for g := range s.contexts[u.fn].by {
		i := slices.IndexFunc(s.list(g), func(a Access) bool {
			return a.Leaf == u.Leaf && (o.Ref.Base == nil || o.Ref.Base.Base == nil || samePath(a.Ref, o.Ref))
		})
		site := s.startedWith(g, u.st)
		if i < 0 || site == nil {
			return nil
		}
		mine := &s.list(g)[i]
		body := &thread{fn: g, ops: s.ops(g)}
		if s.decided(mine) || s.handsOut(g, u.st) || s.passes(body, mine, []syncOp{{medium: byAll}}) {
			return nil
		}
		if start == nil || site.Pos() < start.Pos() {
			start = site
		}
	}
	return start
}

// startedWith returns what starts the goroutine, if each start of it is in a function that
// has made the object which the goroutine is of.
func (s *Set) startedWith(g *ssa.Function, st *types.Struct) ssa.CallInstruction {
	var found ssa.CallInstruction
	for _, call := range s.startsOf(g) {
		if s.inTest(call.Parent()) {
			continue
		}
		if !s.startsOwn(g, call, st) {
			return nil
		}
		if found == nil {
			found = call
		}
	}
	return found
}

// startsOwn reports whether the goroutine is given an object of the struct type that the
// function which starts it has made: as its receiver, or captured.
func (s *Set) startsOwn(g *ssa.Function, call ssa.CallInstruction, st *types.Struct) bool {
	if recv := receiver(g, call); recv != nil {
		return structOf(recv.Type()) == st && s.owns(call.Parent(), s.Pkg.Access.Of(recv))
	}
	for _, mc := range s.Pkg.Closures(g) {
		for _, b := range mc.Bindings {
			if a, ok := b.(*ssa.Alloc); ok && s.Pkg.Access.StoredOnce(a) != nil {
				b = s.Pkg.Access.StoredOnce(a)
			}
			if structOf(b.Type()) == st && mc.Parent() == call.Parent() && s.owns(call.Parent(), s.Pkg.Access.Of(b)) {
				return true
			}
		}
	}
	return false
}
