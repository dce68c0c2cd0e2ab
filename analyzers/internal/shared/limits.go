package shared

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
)

// This file knows counts that are kept below a limit: checked under a lock, and counted under
// a later hold of it.

// counts reports whether the store adds a positive constant to what the variable holds, and
// is not of the value that was checked.
func counts(act, check ssa.Instruction) bool {
	st, ok := act.(*ssa.Store)
	if !ok {
		return false
	}
	add, ok := st.Val.(*ssa.BinOp)
	if !ok || add.Op != token.ADD {
		return false
	}
	load, ok := add.X.(*ssa.UnOp)
	c, isConst := add.Y.(*ssa.Const)
	return ok && isConst && load.Op == token.MUL && load != check && c.Value != nil && c.Value.Kind() == constant.Int && constant.Sign(c.Value) > 0
}

// limited reports whether the condition compares what was read by order.
func limited(cond ssa.Value, check ssa.Instruction) bool {
	b, ok := cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	switch b.Op {
	case token.LSS, token.GTR, token.LEQ, token.GEQ:
		v, _ := check.(ssa.Value)
		return b.X == v && !noLimit(b.Y) || b.Y == v && !noLimit(b.X)
	}
	return false
}

// noLimit reports whether the value is zero: that a count is no more than that says that
// nothing has been counted yet.
func noLimit(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && zeroConst(c)
}

// limitedAfter reports whether the function compares the count again when it has counted:
// then it can take that back.
func (s *Set) limitedAfter(fn *ssa.Function, act ssa.Instruction, r *access.Ref) bool {
	for _, b := range fn.Blocks {
		br, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		if check := s.read(br.Cond, r, nil, 0); check != nil && after(act, check) && !after(check, act) {
			return true
		}
	}
	return false
}
