package lockset

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file finds the locks that a turn of a loop leaves locked in an object which
// is that turn's own, so that the next turn takes another one. Who comes to the
// object later waits for ever, unless somebody has noted which ones are locked.

// abandoned finds the Locks, of objects that change from turn to turn, that turns of
// the loop release on one way and not on another.
func (s *Set) abandoned(fl *skeleton.FuncLocks) {
	for _, ev := range fl.Events {
		if ev.Kind != skeleton.LockEvent || ev.Try || ev.Deferred || ev.Opaque || fl.Handed[ev.Ref] || s.releasable(ev.Ref) || s.fresh(fl.Fn, ev.Ref) {
			continue
		}
		h, left := staleTurn(ev)
		if !left || !s.releasedInTurn(fl, ev) || s.kept(fl, ev) {
			continue
		}
		s.Missing = append(s.Missing, Missing{Fn: fl.Fn, Lock: h, Way: ByTurn, At: ev.Instr, Branch: s.turnEnd(fl, ev.Instr)})
	}
}

// staleTurn returns what the event has locked in a turn before, of an object that has
// no name any more.
func staleTurn(ev *skeleton.Event) (skeleton.Held, bool) {
	for _, st := range ev.States {
		for _, h := range st {
			if h.Stale && h.At == ev.Instr && h.Ref == ev.Ref && h.Result == 0 {
				return h, true
			}
		}
	}
	return skeleton.Held{}, false
}

// releasedInTurn reports whether some way to the next turn releases the lock, none
// defers that, and no other Unlock in the function is of such a lock.
func (s *Set) releasedInTurn(fl *skeleton.FuncLocks, ev *skeleton.Event) bool {
	released := fl.Released[ev.Instr]
	for _, u := range fl.Events {
		if u.Kind == skeleton.UnlockEvent && u.Ref.Class() == ev.Ref.Class() && !slices.Contains(released, u.Instr) {
			return false
		}
	}
	return !slices.ContainsFunc(released, skeleton.IsDefer) &&
		slices.ContainsFunc(released, func(i ssa.Instruction) bool { return skeleton.Follows(i, ev.Instr) })
}

// kept reports whether, on a way to the next turn that passes no unlock, the object or its
// lock is put somewhere or given to a function that may, or what leads to it changes.
func (s *Set) kept(fl *skeleton.FuncLocks, ev *skeleton.Event) bool {
	of := s.Pkg.Access.Of
	is := func(v ssa.Value) bool {
		if v == nil {
			return false
		}
		r := of(v)
		return r == ev.Ref || r == ev.Ref.Base && isReference(v.Type())
	}
	keeps := false
	s.eachUnreleased(fl, ev.Instr, func(instr ssa.Instruction) {
		switch instr := instr.(type) {
		case *ssa.Store:
			r := of(instr.Addr)
			keeps = keeps || is(instr.Val) || r != ev.Ref && r.Contains(ev.Ref) && isReference(instr.Val.Type())
		case *ssa.MapUpdate, *ssa.Send, *ssa.MakeClosure, *ssa.Phi, *ssa.MakeInterface, *ssa.Defer, *ssa.Go:
			keeps = keeps || slices.ContainsFunc(instr.Operands(nil), func(v *ssa.Value) bool { return is(*v) })
		case *ssa.Call:
			if instr == ev.Instr {
				return
			}
			for i, arg := range instr.Call.Args {
				keeps = keeps || is(arg) && !s.leavesAlone(instr, i, ev.Ref.Class(), 0)
			}
		}
	})
	return keeps
}

// eachUnreleased visits what follows the Lock, up to the next turn, on ways that pass no
// unlock.
func (s *Set) eachUnreleased(fl *skeleton.FuncLocks, lock ssa.Instruction, visit func(ssa.Instruction)) {
	seen := make(map[*ssa.BasicBlock]bool)
	var walk func(b *ssa.BasicBlock, from int)
	walk = func(b *ssa.BasicBlock, from int) {
		for _, instr := range b.Instrs[from:] {
			if slices.Contains(fl.Released[lock], instr) {
				return
			}
			if instr != lock && skeleton.Follows(instr, lock) {
				visit(instr)
			}
		}
		for _, succ := range b.Succs {
			if !seen[succ] {
				seen[succ] = true
				walk(succ, 0)
			}
		}
	}
	walk(lock.Block(), slices.Index(lock.Block().Instrs, lock)+1)
}

// leavesAlone reports whether a call does nothing to its argument but to use it: it
// stores it nowhere, gives it to no other code, and does not release its lock.
func (s *Set) leavesAlone(call *ssa.Call, arg int, lock access.Class, depth int) bool {
	if op, _ := s.Pkg.Op(&call.Call); op.Kind != 0 {
		return true // the lock's own, or one of another field
	}
	callee := s.local(call)
	if callee == nil || depth > 2 {
		return false
	}
	if fl := s.Locks.Of(callee); fl != nil && (fl.Cut || slices.ContainsFunc(fl.Summary.Releases, func(r *access.Ref) bool { return r.Class() == lock })) {
		return false
	}
	for _, ref := range *callee.Params[arg].Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr, *ssa.Field, *ssa.UnOp, *ssa.BinOp, *ssa.If, *ssa.DebugRef:
		case *ssa.Call:
			for i, a := range ref.Call.Args {
				if a == callee.Params[arg] && !s.leavesAlone(ref, i, lock, depth+1) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}
