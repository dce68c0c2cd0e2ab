package shared

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// A CheckedAdd is an Add after a check that nobody is stopping yet, where who stops sets the mark
// and waits: the mark can be set, and the Wait be over, between the check and the Add.
type CheckedAdd struct {
	Add, Check ssa.Instruction
	Set, Wait  ssa.Instruction
	Name, Mark string
}

// CheckedAdds returns those of the package. The mark is an atomic, or a channel that is closed; the
// group is one that nothing else counts in, so that its counter can be at zero.
func (s *Set) CheckedAdds() (list []CheckedAdd) {
	s.Pkg.Mu.Lock()
	defer s.Pkg.Mu.Unlock()
	if !s.prepare() {
		return nil
	}
	s.findContexts()
	for _, fn := range s.Pkg.Funcs {
		if c := s.contexts[fn]; s.inTest(fn) || s.Pkg.InTestFile(fn) || c.quiet || len(c.held) > 0 || len(c.some) > 0 {
			continue
		}
		for add := range callsIn(fn) {
			op, x := s.Pkg.Op(&add.Call)
			if op.Kind != ops.WgAdd || x == nil || !s.unlocked(fn, add) || !s.manyCallers(fn) {
				continue
			}
			group := s.Pkg.Access.Of(x)
			if group.Kind != access.Field || group.Root().Kind != access.Param || !s.onlyAdd(group.Class(), add) || s.excused(add) {
				continue
			}
			if found, ok := s.checkedAdd(fn, add, group); ok {
				list = append(list, found)
			}
		}
	}
	return list
}

// checkedAdd looks for the check before the Add, and for who sets its mark and waits.
func (s *Set) checkedAdd(fn *ssa.Function, add *ssa.Call, group *access.Ref) (CheckedAdd, bool) {
	for br := range conditions(add) {
		mark, check := s.askedMark(br.Cond)
		if mark == nil || mark.Kind != access.Field || mark.Base != group.Base || s.asksAgain(fn, mark, add) {
			continue
		}
		for _, other := range s.Pkg.Funcs {
			if other == fn || s.inTest(other) || s.sameGoroutine(fn, other) {
				continue
			}
			set, wait := s.setsAndWaits(other, mark, group)
			if wait != nil && !s.waitsBetween(other, set, wait) && s.unlocked(other, set) && s.unlocked(other, wait) {
				return CheckedAdd{Add: add, Check: check, Set: set, Wait: wait, Name: group.String(), Mark: mark.String()}, true
			}
		}
	}
	return CheckedAdd{}, false
}

// waitsBetween reports whether something else is waited for first: for those to leave, it may be,
// that make the Adds.
func (s *Set) waitsBetween(fn *ssa.Function, set, wait ssa.Instruction) bool {
	return slices.ContainsFunc(s.ops(fn), func(op syncOp) bool {
		return op.at != wait && op.at != set && (op.acquire || op.receive) && op.medium != byLock && after(set, op.at) && after(op.at, wait)
	})
}

// askedMark returns what a condition asks about: an atomic, or if a channel is closed, in this
// function.
func (s *Set) askedMark(cond ssa.Value) (*access.Ref, ssa.Instruction) {
	switch v := cond.(type) {
	case *ssa.UnOp:
		if v.Op == token.NOT {
			return s.askedMark(v.X)
		}
	case *ssa.BinOp:
		if sel, arm := armOf(v); sel != nil {
			if !sel.Blocking && arm >= 0 && arm < len(sel.States) && sel.States[arm].Dir == types.RecvOnly {
				return s.Pkg.Access.Of(sel.States[arm].Chan), sel
			}
			return nil, nil
		}
		if _, ok := v.Y.(*ssa.Const); ok {
			return s.askedMark(v.X)
		}
	case *ssa.Call:
		if op, x := s.Pkg.Op(&v.Call); op.Kind == ops.AtomicLoad && x != nil {
			return s.Pkg.Access.Of(x), v
		}
	}
	return nil, nil
}

// asksAgain reports whether the function asks about the mark after the Add, too.
func (s *Set) asksAgain(fn *ssa.Function, mark *access.Ref, add ssa.Instruction) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Call:
				if op, x := s.Pkg.Op(&instr.Call); op.Kind == ops.AtomicLoad && x != nil && s.Pkg.Access.Of(x) == mark && after(add, instr) {
					return true
				}
			case *ssa.Select:
				if after(add, instr) && slices.ContainsFunc(instr.States, func(st *ssa.SelectState) bool { return s.Pkg.Access.Of(st.Chan) == mark }) {
					return true
				}
			}
		}
	}
	return false
}

// setsAndWaits returns where the function sets the mark, or closes it, and then waits for the
// group of the same object.
func (s *Set) setsAndWaits(fn *ssa.Function, mark, group *access.Ref) (set, wait ssa.Instruction) {
	var base *access.Ref
	for call := range callsIn(fn) {
		op, x := s.Pkg.Op(&call.Call)
		if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "close" {
			x = call.Call.Args[0]
		} else if op.Kind != ops.AtomicStore && op.Kind != ops.AtomicUpdate || x == nil {
			continue
		}
		if r := s.Pkg.Access.Of(x); r.Class() == mark.Class() && set == nil {
			set, base = call, r.Base
		}
	}
	if set == nil {
		return nil, nil
	}
	for call := range callsIn(fn) {
		if !after(set, call) || after(call, set) {
			continue
		}
		if op, x := s.Pkg.Op(&call.Call); op.Kind == ops.WgWait && x != nil {
			if r := s.Pkg.Access.Of(x); r.Class() == group.Class() && r.Base == base {
				return set, call
			}
		}
	}
	return nil, nil
}
