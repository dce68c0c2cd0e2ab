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

// hooked finds such locks of a function: released on the ways without a panic only.
func (s *Set) hooked(fl *skeleton.FuncLocks) {
	recovers := s.recoverOf(fl.Fn)
	if recovers == nil || s.Pkg.InTest(fl.Fn) {
		return
	}
	var calls []*ssa.Call
	for _, b := range fl.Fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && s.callsBack(call, 0) {
				calls = append(calls, call)
			}
		}
	}
	var found *Missing
	for _, call := range calls {
		held, known := fl.HeldAt(call)
		i := slices.IndexFunc(held, func(h skeleton.Held) bool { return s.leftByHook(fl, h) })
		if !known || i < 0 || !skeleton.Dominates(recovers, call) {
			return
		}
		if found == nil {
			found = &Missing{Fn: fl.Fn, Lock: held[i], Way: ByHook, At: call}
		}
	}
	if found != nil && !slices.ContainsFunc(s.Missing, func(m Missing) bool { return m.Fn == fl.Fn && m.Lock.Ref == found.Lock.Ref }) {
		s.Missing = append(s.Missing, *found)
	}
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
