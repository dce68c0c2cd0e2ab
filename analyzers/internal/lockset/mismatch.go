package lockset

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// A MismatchKind is how lock and unlock do not fit.
type MismatchKind uint8

// The kinds.
const (
	WrongMode   MismatchKind = iota // RLock with Unlock, Lock with RUnlock
	Twice                           // unlocked twice
	InLoop                          // locked in each turn, unlocked when the function ends
	TryIgnored                      // nobody looks whether TryLock did
	Overwritten                     // the struct with the lock is set anew while it is held
)

// A Mismatch is an operation that does not fit the state of its lock.
type Mismatch struct {
	Kind  MismatchKind
	Event *skeleton.Event
	Other ssa.Instruction // the first operation
}

func (s *Set) mismatch(fl *skeleton.FuncLocks) {
	for _, ev := range fl.Events {
		switch {
		case ev.Kind == skeleton.UnlockEvent && ev.WrongMode && !ev.Matched:
			s.Mismatches = append(s.Mismatches, Mismatch{WrongMode, ev, ev.Taken})
		case ev.Kind == skeleton.UnlockEvent && ev.Twice && !s.perhapsLocked(fl, ev):
			s.Mismatches = append(s.Mismatches, Mismatch{Twice, ev, ev.Freed})
		case ev.Kind == skeleton.OverwriteEvent && unlockedAfter(fl, ev): // else it is left unlocked on purpose
			s.Mismatches = append(s.Mismatches, Mismatch{Overwritten, ev, ev.Taken})
		case ev.Kind == skeleton.LockEvent && ev.Try:
			if call, ok := ev.Instr.(*ssa.Call); ok && len(*call.Referrers()) == 0 {
				s.Mismatches = append(s.Mismatches, Mismatch{TryIgnored, ev, nil})
			} else if !ok {
				s.Mismatches = append(s.Mismatches, Mismatch{TryIgnored, ev, nil})
			}
		}
	}
}

// perhapsLocked reports whether between two unlocks a Locker is locked that a call has returned:
// it can stand for the same lock, as that of a pair does.
func (s *Set) perhapsLocked(fl *skeleton.FuncLocks, ev *skeleton.Event) bool {
	for _, b := range fl.Fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !call.Call.IsInvoke() || !skeleton.Follows(ev.Freed, call) || !skeleton.Follows(call, ev.Instr) {
				continue
			}
			op, _ := s.Pkg.Op(&call.Call)
			if _, result := call.Call.Value.(*ssa.Call); result && (op.Kind == ops.Lock || op.Kind == ops.RLock) {
				return true
			}
		}
	}
	return false
}

// unlockedAfter reports whether an unlock of the lock that is overwritten can come yet.
func unlockedAfter(fl *skeleton.FuncLocks, ev *skeleton.Event) bool {
	return slices.ContainsFunc(direct(fl, ev.Taken), func(r ssa.Instruction) bool {
		return skeleton.IsDefer(r) || skeleton.Follows(ev.Instr, r)
	})
}

// overwritten reports whether the lock has been set anew, unlocked, where the function
// comes to the instruction.
func overwritten(fl *skeleton.FuncLocks, h skeleton.Held, at ssa.Instruction) bool {
	return slices.ContainsFunc(fl.Events, func(ev *skeleton.Event) bool {
		return ev.Kind == skeleton.OverwriteEvent && ev.Ref == h.Ref && ev.Taken == h.At && skeleton.Follows(ev.Instr, at)
	})
}
