package shared

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
)

// countGap looks at a send or receive: is it under a condition on the length of
// the channel, while other goroutines can take what was there?
func (s *Set) countGap(fn *ssa.Function, act ssa.Instruction, ch ssa.Value, send bool) {
	r := s.Pkg.Access.Of(ch)
	if root := r.Root(); root.Kind == access.Alloc && root.Value.Parent() == fn || !s.unlocked(fn, act) {
		return
	}
	for br, truth := range conditions(act) {
		cmp, ok := br.Cond.(*ssa.BinOp)
		if !ok {
			continue
		}
		check := s.lengthOf(cmp.X, r)
		if check == nil {
			check = s.lengthOf(cmp.Y, r)
		}
		if check == nil || s.closedBefore(fn, r, act) || !room(cmp, truth, send, s.lengthOf(cmp.X, r) != nil) || !s.shares(fn, r, send) {
			continue
		}
		s.gaps = append(s.gaps, Gap{Kind: ChanCount, Check: check, Act: act, Name: r.String()})
		return
	}
}

// closedBefore reports whether the function closes the channel before the
// instruction: a receive does not block then.
func (s *Set) closedBefore(fn *ssa.Function, r *access.Ref, at ssa.Instruction) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			if f, ok := call.Call.Value.(*ssa.Builtin); ok && f.Name() == "close" && s.Pkg.Access.Of(call.Call.Args[0]) == r && after(call, at) {
				return true
			}
		}
	}
	return false
}

func (s *Set) lengthOf(v ssa.Value, r *access.Ref) *ssa.Call {
	call, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" && s.Pkg.Access.Of(call.Call.Args[0]) == r {
		return call
	}
	return nil
}

// turned is the comparison with its sides exchanged, opposite the one that holds
// when it does not.
var (
	turned   = map[token.Token]token.Token{token.LSS: token.GTR, token.GTR: token.LSS, token.LEQ: token.GEQ, token.GEQ: token.LEQ}
	opposite = map[token.Token]token.Token{
		token.LSS: token.GEQ, token.GTR: token.LEQ, token.LEQ: token.GTR, token.GEQ: token.LSS, token.EQL: token.NEQ, token.NEQ: token.EQL,
	}
)

// room reports whether the branch is the one on which there is something to
// receive, or room to send.
func room(cmp *ssa.BinOp, truth, send, left bool) bool {
	op := cmp.Op
	if other, ok := turned[op]; ok && !left { // 0 < len(ch)
		op = other
	}
	if !truth {
		op = opposite[op]
	}
	if send {
		return op == token.LSS || op == token.NEQ || op == token.EQL || op == token.LEQ
	}
	return op == token.GTR || op == token.NEQ || op == token.GEQ
}

// shares reports whether another goroutine can do the same on the channel: a
// second place that does, or a function that several can call.
func (s *Set) shares(fn *ssa.Function, r *access.Ref, send bool) bool {
	c := s.contexts[fn]
	for g := range c.by {
		if s.startedOften(g) {
			return true
		}
	}
	class := r.Class()
	if class.IsZero() {
		return false
	}
	others := false
	for _, other := range s.Pkg.Funcs {
		if other == fn || s.inTest(other) || s.sameGoroutine(fn, other) {
			continue
		}
		for _, b := range other.Blocks {
			for _, instr := range b.Instrs {
				var ch ssa.Value
				switch instr := instr.(type) {
				case *ssa.Send:
					if send {
						ch = instr.Chan
					}
				case *ssa.UnOp:
					if instr.Op == token.ARROW && !send {
						ch = instr.X
					}
				case *ssa.Select:
					for _, st := range instr.States {
						others = others || (st.Send != nil) == send && s.Pkg.Access.Of(st.Chan).Class() == class
					}
				}
				others = others || ch != nil && s.Pkg.Access.Of(ch).Class() == class
			}
		}
	}
	return others
}
