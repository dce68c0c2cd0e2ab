package shared

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// This file knows when a method that a goroutine's field is used by has waited for nothing
// that tells: what it waits for is signalled before the goroutine's access, or in each turn.

// tooEarly returns what an operation waits for, if the goroutine signals it before the
// access and not after it.
func (s *Set) tooEarly(op *syncOp, body *thread, write *Access, signals []syncOp) ssa.Instruction {
	if op.medium != byChannel && op.medium != byObject || op.ref == nil || op.ref.Class().IsZero() || s.answers(op, signals) {
		return nil
	}
	for _, b := range body.ops {
		if b.release && b.medium == op.medium && b.ref != nil && (b.ref.Class() == op.ref.Class() || s.unnamedKin(op, &b)) && op.waitsFor(&b) && s.precedes(&b, write) {
			return b.at
		}
	}
	return nil
}

// unnamedKin reports whether b is on an object of the type of that of op which is known
// by no field: what the constructor was given, and has put into one.
func (s *Set) unnamedKin(op, b *syncOp) bool {
	return op.medium == byObject && b.ref.Class().IsZero() && op.typ != nil && b.typ != nil && s.kin(op.typ, b.typ)
}

// eachTurn reports whether the goroutine signals this before its access in every turn of
// its loop, so that the signal which comes behind the access is the one before the next. Who
// has waited for one of them can have waited for that of this turn: the access comes
// after it, whichever it was.
func eachTurn(op *syncOp, a *Access) bool {
	if op.medium != byChannel && op.medium != byObject || op.deferred || op.arm >= 0 || !repeats(a) || !skeleton.Dominates(op.at, a.At) {
		return false
	}
	for br := range conditions(a.At) {
		if skeleton.Dominates(op.at, br) && !succeeded(br.Cond, op.at) {
			return false // after some of the signals there is no access
		}
	}
	return true
}

// succeeded reports whether the condition asks for the error of the call.
func succeeded(cond ssa.Value, call ssa.Instruction) bool {
	eq, ok := cond.(*ssa.BinOp)
	if !ok || !isZero(eq.Y) {
		return false
	}
	v := eq.X
	if ex, ok := v.(*ssa.Extract); ok {
		v = ex.Tuple
	}
	at, ok := v.(ssa.Instruction)
	return ok && at == call
}

// onlyServes reports whether the function is reached from nothing but handlers of
// requests: they come at any time.
func (s *Set) onlyServes(fn *ssa.Function) bool {
	c := s.contexts[fn]
	if c.api || len(c.by) == 0 {
		return false
	}
	for g := range c.by {
		starts := s.startsOf(g)
		if len(starts) == 0 || slices.ContainsFunc(starts, func(call ssa.CallInstruction) bool {
			op, _ := s.Pkg.Op(call.Common())
			return !op.Many || s.Pkg.InTestFile(call.Parent())
		}) {
			return false
		}
	}
	return true
}

// precedes reports whether the goroutine can make the release before the access.
func (s *Set) precedes(op *syncOp, a *Access) bool {
	if op.at == a.At {
		return s.releasedWithin(op, a, false)
	}
	return !op.deferred && after(op.at, a.At)
}
