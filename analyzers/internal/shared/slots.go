package shared

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
)

// This file tells of elements. Goroutines that each write their own element of a slice
// are in nobody's way, until somebody goes over all elements who has not waited for
// them.

// slot names the slice of which the address is an element, nil when it can be a part of
// another one: only what make has made, in a variable that is set once, is known whole.
// over is the head of the loop by which all elements are gone over, nil for one of them.
func (s *Set) slot(addr ssa.Value) (r *access.Ref, over *ssa.BasicBlock) {
	x, ok := addr.(*ssa.IndexAddr)
	if !ok {
		return nil, nil
	}
	made := x.X
	if load, ok := x.X.(*ssa.UnOp); ok && load.Op == token.MUL {
		cell := s.Pkg.Access.Cell(load.X)
		if cell == nil || !s.captured[cell] {
			return nil, nil
		}
		made = s.Pkg.Access.StoredOnce(cell)
	}
	switch v := made.(type) {
	case *ssa.MakeSlice:
	case *ssa.Slice: // of an array of constant length
		if a, ok := v.X.(*ssa.Alloc); !ok || a.Comment != "makeslice" {
			return nil, nil
		}
	default:
		return nil, nil
	}
	if r = s.Pkg.Access.Of(made); r.Kind != access.Alloc {
		return nil, nil
	}
	return r, rangeOver(x)
}

// rangeOver returns the head of the loop that goes over all elements of a slice in turn, if
// the index is its counter.
func rangeOver(x *ssa.IndexAddr) *ssa.BasicBlock {
	if _, ok := x.X.Type().Underlying().(*types.Slice); !ok {
		return nil
	}
	counter, next := x.Index, ssa.Value(nil) // for i := 0; i < len(x); i++
	phi, ok := counter.(*ssa.Phi)
	if !ok {
		add, ok := counter.(*ssa.BinOp) // range x: the counter is added to first
		if !ok || add.Op != token.ADD {
			return nil
		}
		if phi, ok = add.X.(*ssa.Phi); !ok {
			return nil
		}
		next = add
	}
	if len(phi.Edges) != 2 {
		return nil
	}
	from := int64(-1)
	if next == nil {
		from = 0
	}
	for i, e := range phi.Edges {
		c, ok := e.(*ssa.Const)
		if !ok || c.Value == nil || c.Value.Kind() != constant.Int || c.Int64() != from {
			continue
		}
		step, ok := phi.Edges[1-i].(*ssa.BinOp)
		if !ok || step.Op != token.ADD || step.X != ssa.Value(phi) || next != nil && step != next {
			continue
		}
		if one, ok := step.Y.(*ssa.Const); !ok || one.Value == nil || one.Int64() != 1 {
			continue
		}
		for _, r := range *counter.Referrers() {
			less, ok := r.(*ssa.BinOp)
			if ok && less.Op == token.LSS && less.X == counter && isLen(less.Y, x.X) {
				return phi.Block()
			}
		}
	}
	return nil
}

// isLen reports whether the value is the length of the slice, or of the variable that the
// slice was loaded from.
func isLen(v, slice ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	if b, ok := call.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" {
		return false
	}
	arg := call.Call.Args[0]
	if arg == slice {
		return true
	}
	a, ok := arg.(*ssa.UnOp)
	b, also := slice.(*ssa.UnOp)
	return ok && also && a.Op == token.MUL && b.Op == token.MUL && a.X == b.X
}

// inTurn reports whether of two accesses to elements the one is to all of them, and not in
// the loop that starts the goroutine.
func inTurn(a, b *Access, start ssa.Instruction) bool {
	if a.over != nil {
		return true
	}
	return b.over != nil && (start == nil || !b.over.Dominates(start.Block()))
}
