package shared

import (
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file finds objects that were taken out from under the lock, as pointees does, and that
// are handed as a whole to what reads their fields: an encoder, or a function that prints.

// A showing is an argument of a call that is read as a whole.
type showing struct {
	v   ssa.Value
	how ops.Showing
}

// whole lists what a call reads as a whole, by itself or by a function of the package that
// hands it on.
func (s *Set) whole(call *ssa.Call, depth int) (list []showing) {
	const most = 2
	how, first, all, format := ops.Shows(skeleton.Static(&call.Call))
	args := call.Call.Args
	switch {
	case how == ops.NotShown:
		callee := call.Call.StaticCallee()
		if callee == nil || depth >= most {
			return nil
		}
		if callee = skeleton.Origin(callee); callee.Pkg != skeleton.Origin(call.Parent()).Pkg {
			return nil
		}
		for _, p := range s.shownBy(callee, depth+1) {
			if i := slices.Index(callee.Params, p.v.(*ssa.Parameter)); i >= 0 && i < len(args) {
				list = append(list, showing{inside(args[i]), p.how})
			}
		}
	case !all && first < len(args):
		list = append(list, showing{inside(args[first]), how})
	case all && first < len(args):
		if format && !showsAll(args[first-1]) {
			return nil
		}
		for _, v := range variadic(args[first]) {
			list = append(list, showing{inside(v), how})
		}
	}
	return list
}

// shownBy lists the parameters that a function has read as a whole.
func (s *Set) shownBy(fn *ssa.Function, depth int) []showing {
	if list, ok := s.shows[fn]; ok {
		return list
	}
	var list []showing
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			for _, sh := range s.whole(call, depth) {
				if p, ok := sh.v.(*ssa.Parameter); ok && p.Parent() == fn {
					list = append(list, sh)
				}
			}
		}
	}
	s.shows[fn] = list
	return list
}

// inside is the value that is put in an interface.
func inside(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		default:
			return v
		}
	}
}

// variadic lists the values of a slice that is made for a call.
func variadic(v ssa.Value) (list []ssa.Value) {
	sl, ok := v.(*ssa.Slice)
	if !ok {
		return nil
	}
	array, ok := sl.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	for _, r := range *array.Referrers() {
		if elem, ok := r.(*ssa.IndexAddr); ok {
			for _, r := range *elem.Referrers() {
				if st, ok := r.(*ssa.Store); ok && st.Addr == elem {
					list = append(list, st.Val)
				}
			}
		}
	}
	return list
}

// showsAll reports whether a format shows what its arguments point to: all of them, since they
// are not told apart.
func showsAll(format ssa.Value) bool {
	c, ok := format.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.String {
		return false
	}
	text := constant.StringVal(c.Value)
	return !strings.ContainsAny(text, "[*") && !strings.Contains(text, "%p") && !strings.Contains(text, "%T")
}

// shownTaken notes the objects that are taken out and shown; uses are those of all fields.
func (s *Set) shownTaken(uses map[*types.Var][]*use, told map[ssa.Value]bool) {
	for _, fn := range s.Pkg.Funcs {
		c := s.contexts[fn]
		if s.inTest(fn) || c == nil || c.quiet || saysLocked(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				for _, sh := range s.whole(call, 0) {
					if p, ok := sh.v.Type().Underlying().(*types.Pointer); ok && !told[sh.v] && structOf(p) != nil {
						told[sh.v] = s.showsTaken(fn, call, sh, uses)
					}
				}
			}
		}
	}
}

// showsTaken reports whether what a call shows was taken out from under the lock under which a
// field of it is written, and notes it.
func (s *Set) showsTaken(fn *ssa.Function, call *ssa.Call, sh showing, uses map[*types.Var][]*use) bool {
	st := structOf(sh.v.Type())
	base := s.Pkg.Access.Of(sh.v)
	held, known := s.heldAt(fn, call)
	if !known || s.owns(fn, base) || s.excused(call) || s.waitsBefore(fn, call) || s.marks(fn, st) || s.removes(fn, st, 0) {
		return false
	}
	locks := classes(held)
	for l, m := range s.contexts[fn].held {
		locks[l] = m
	}
	for i := range st.NumFields() {
		v := st.Field(i).Origin()
		lock := s.writtenUnder(uses[v])
		if lock == nil || !sh.how.Reads(sh.v.Type(), st, i) {
			continue
		}
		u := &use{fn: fn, v: v, st: st, locks: locks, elems: true}
		u.Access = Access{Ref: s.Pkg.Access.Field(base, v), At: call, Leaf: call}
		u.full = u.Ref
		if u.holds(lock) || !s.concurrent(u) || s.decided(&u.Access) {
			continue
		}
		taken, ok := s.takenUnder(fn, sh.v, lock, 0)
		if !ok {
			continue
		}
		if o := s.besideTaken(u, taken, lock, uses[v]); o != nil {
			s.unguarded = append(s.unguarded, Unguarded{
				Break: Shown, At: u.Access, Use: taken, Lock: lock, Name: s.ownerOf(lock) + lock.Name(), Against: o.Access,
			})
			return true
		}
	}
	return false
}

// besideTaken returns an access under the lock that conflicts with that to an object which has
// been taken out, and that finds its object where that one was.
func (s *Set) besideTaken(u *use, taken ssa.Instruction, lock *types.Var, uses []*use) *use {
	if from := s.placeOfTaken(taken); !from.IsZero() {
		return s.besideIn(u, from, lock, uses)
	}
	return nil
}

// besideIn is besideTaken of an object that lies in the map or slice.
func (s *Set) besideIn(u *use, from access.Class, lock *types.Var, uses []*use) *use {
	for _, o := range uses {
		// Who is passed the owner of the lock and takes it knows that others have the owner too.
		if o.quiet && !o.theirs || o.owned || !o.holds(lock) || o.fn == u.fn || !clash(u, o) || commonLock(u, o) || s.perhaps(&guard{lock: lock}, u, o) || readsOf(o.At, u.st) || s.excused(o.Leaf) || s.last(o.fn) {
			continue
		}
		p := pointerTo(o)
		if p == nil || s.sameGoroutine(u.fn, o.fn) || s.startsAfter(o, u) || s.startsAfter(u, o) || s.joined(o, u) || s.joined(u, o) || s.handshake(o, u) || s.handshake(u, o) {
			continue
		}
		if _, ranged := p.(*ssa.Extract); !ranged && s.removes(o.fn, u.st, 0) {
			continue // the last that is done with the object, it may be
		}
		if in, ok := s.liesIn(p, o.At, 0); ok && slices.Contains(in, from) {
			return o
		}
	}
	return nil
}

// last reports whether the function is by its name the last that is called of an object.
func (s *Set) last(fn *ssa.Function) bool {
	switch skeleton.Outermost(fn).Name() {
	case "Close", "Stop", "Shutdown", "Destroy", "close", "stop", "shutdown", "destroy", "cleanup":
		return true
	}
	return false
}

// pointerTo is the pointer to the object whose field is accessed.
func pointerTo(u *use) ssa.Value {
	switch leaf := u.Leaf.(type) {
	case *ssa.Store:
		return pointerOf(leaf.Addr)
	case *ssa.UnOp:
		return pointerOf(leaf.X)
	}
	return nil
}

// placeOfTaken is the map or slice that an object is taken from, or put in to be taken on.
func (s *Set) placeOfTaken(taken ssa.Instruction) (c access.Class) {
	if put, ok := taken.(*ssa.MapUpdate); ok {
		return s.Pkg.Access.Of(put.Map).Class()
	}
	if v, ok := taken.(ssa.Value); ok {
		if look, ok := v.(*ssa.Lookup); ok {
			return s.Pkg.Access.Of(look.X).Class()
		}
		return containerOf(s.Pkg.Access.Of(v))
	}
	return c
}
