package lockset

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file finds the locks that a panic of other code leaves locked. A function that
// defers a recover expects one. When the only functions that it is given and calls
// are called with a lock held, then the recover is for these.

// hooked finds such locks of a function, and of those that it calls: released on the ways
// without a panic only.
func (s *Set) hooked(fl *skeleton.FuncLocks) {
	recovers := s.recoverOf(fl.Fn)
	if recovers == nil || s.Pkg.InTest(fl.Fn) {
		return
	}
	found := s.leftOpen(fl, recovers, 0)
	if found != nil && !slices.ContainsFunc(s.Missing, func(m Missing) bool { return m.Fn == found.Fn && m.Lock.Ref == found.Lock.Ref }) {
		s.Missing = append(s.Missing, *found)
	}
}

// leftOpen returns the first call of such a function with a lock held that its panic leaves
// locked, if all of them in fl, after the recover is deferred, and in what it calls, are.
func (s *Set) leftOpen(fl *skeleton.FuncLocks, recovers ssa.Instruction, depth int) (found *Missing) {
	if fl == nil || depth > 2 {
		return nil
	}
	for _, b := range fl.Fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !s.callsBack(call, 0) {
				continue
			}
			held, known := fl.HeldAt(call)
			if !known || recovers != nil && !skeleton.Dominates(recovers, call) {
				return nil
			}
			left := &Missing{Fn: fl.Fn, Way: ByHook, At: call}
			if i := slices.IndexFunc(held, func(h skeleton.Held) bool { return s.leftByHook(fl, h) }); i >= 0 {
				left.Lock = held[i]
			} else if callee := call.Call.StaticCallee(); callee == nil {
				return nil
			} else if left = s.leftOpen(s.Locks.Of(callee), nil, depth+1); left == nil {
				return nil
			}
			if found == nil {
				found = left
			}
		}
	}
	return found
}

// leftByHook reports whether a panic leaves the lock locked: nothing that is deferred
// releases it.
func (s *Set) leftByHook(fl *skeleton.FuncLocks, h skeleton.Held) bool {
	released := fl.Released[h.At]
	return !h.Stale && h.Result == 0 && !fl.Handed[h.Ref] && !skeleton.IsDefer(h.At) && !s.fresh(fl.Fn, h.Ref) &&
		len(direct(fl, h.At)) > 0 && !slices.ContainsFunc(released, skeleton.IsDefer)
}

// recoverOf is the deferred call of the function that recovers and lets things go on.
func (s *Set) recoverOf(fn *ssa.Function) *ssa.Defer {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if d, ok := instr.(*ssa.Defer); ok && s.Pkg.CallsRecover(d) && s.goesOn(d) {
				return d
			}
		}
	}
	return nil
}

// callsBack reports whether the call runs a function that is stored somewhere or was
// given, and of which nothing is known.
func (s *Set) callsBack(call *ssa.Call, depth int) bool {
	if op, _ := s.Pkg.Op(&call.Call); op.Kind != ops.None {
		return false
	}
	if _, ok := call.Call.Value.(*ssa.Builtin); ok || call.Call.IsInvoke() {
		return false
	}
	callees, complete := s.Pkg.Callees(call)
	if call.Call.StaticCallee() == nil && !complete {
		return !ops.IsCancel(call.Call.Value.Type())
	}
	if depth > 2 {
		return false
	}
	for _, callee := range callees {
		if s.Pkg.Recovers(callee) {
			continue
		}
		for _, b := range callee.Blocks {
			for _, instr := range b.Instrs {
				if inner, ok := instr.(*ssa.Call); ok && s.callsBack(inner, depth+1) {
					return true
				}
			}
		}
	}
	return false
}
