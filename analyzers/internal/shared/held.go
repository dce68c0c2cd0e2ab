package shared

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// heldAt returns the locks that fn itself holds at the instruction. It is not known when
// paths differ in that, or when a function that is called before can have left a lock
// locked that has no name here: that of one of two objects, or one only when there is one.
func (s *Set) heldAt(fn *ssa.Function, at ssa.Instruction) (held []skeleton.Held, known bool) {
	held, known = s.Pkg.Locks().Of(fn).HeldAt(at)
	return held, known && !s.lockedUnnamed(fn, at)
}

// lockedUnnamed reports whether a function that is called before can have left a lock locked that
// has no name here.
func (s *Set) lockedUnnamed(fn *ssa.Function, at ssa.Instruction) bool {
	return slices.ContainsFunc(s.locksSome(fn), func(call ssa.Instruction) bool { return after(call, at) })
}

// locksSome returns the calls in fn of functions that can leave such a lock locked.
func (s *Set) locksSome(fn *ssa.Function) []ssa.Instruction {
	list, ok := s.lockers[fn]
	if ok {
		return list
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			callees, _ := s.Pkg.Callees(call)
			if slices.ContainsFunc(callees, s.leavesLocked) {
				list = append(list, instr)
			}
		}
	}
	s.lockers[fn] = list
	return list
}

// leavesLocked reports whether the function can return with a lock that its callers
// cannot name, or on some paths with one and on others without it.
func (s *Set) leavesLocked(fn *ssa.Function) bool {
	fl := s.Pkg.Locks().Of(fn)
	if fl == nil {
		return false
	}
	unnamed := func(r *access.Ref) bool {
		for x := r; x != nil; x = x.Base {
			if x.Kind == access.Elem && !x.Constant() {
				return true // one of several
			}
		}
		k := r.Root().Kind
		return k != access.Param && k != access.Global
	}
	for _, kept := range []map[*access.Ref]bool{fl.Kept, fl.Handed} {
		for r := range kept {
			if unnamed(r) {
				return true
			}
		}
	}
	refs := make(map[*access.Ref]int)
	exits := 0
	for _, e := range fl.Exits {
		if e.Panic {
			continue
		}
		exits++
		for _, h := range e.Held {
			if unnamed(h.Ref) {
				return true
			}
			refs[h.Ref]++
		}
	}
	if fn.Signature.Results().Len() > 0 {
		return false // the result says which
	}
	for _, n := range refs {
		if n < exits {
			return true
		}
	}
	return false
}

// lentBefore lists the locks that the function of the instruction has taken on every way there,
// and that a function in a variable lets go: it has them until then, as a rule.
func (s *Set) lentBefore(at ssa.Instruction) (list []*types.Var) {
	fl := s.Pkg.Locks().Of(at.Parent())
	if fl == nil || len(fl.Handed) == 0 {
		return nil
	}
	for _, ev := range fl.Events {
		if ev.Kind != skeleton.LockEvent || ev.Try || !fl.Handed[ev.Ref] || !skeleton.Dominates(ev.Instr, at) {
			continue
		}
		if l := ev.Ref.Class().Var; l != nil && !slices.Contains(list, l) {
			list = append(list, l)
		}
	}
	return list
}
