package skeleton

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// endedErr reports whether the call asks a context for its error where it is done: on every
// way there, its Done channel has been received from. The error is not nil then.
func endedErr(call *ssa.Call) bool {
	ctx := call.Call.Value
	if !call.Call.IsInvoke() || call.Call.Method.Name() != "Err" || !ops.IsContext(ctx.Type()) {
		return false
	}
	ends := func(ch ssa.Value) bool {
		done, ok := ch.(*ssa.Call)
		return ok && done.Call.IsInvoke() && done.Call.Method.Name() == "Done" && sameLoad(done.Call.Value, ctx)
	}
	for b := call.Block(); b != nil; b = b.Idom() {
		for _, instr := range b.Instrs {
			if instr == call {
				break
			}
			if recv, ok := instr.(*ssa.UnOp); ok && recv.Op == token.ARROW && ends(recv.X) {
				return true
			}
		}
	}
	for br, truth := range Conditions(call) {
		sel, arm := SelectCase(br.Cond)
		switch {
		case sel == nil:
		case truth && ends(sel.States[arm].Chan):
			return true
		case !truth && sel.Blocking && len(sel.States) == 2 && ends(sel.States[1-arm].Chan):
			return true // the other of two
		}
	}
	return false
}

// Conditions yields the branches that decide whether the instruction is executed, and which
// way each goes.
func Conditions(at ssa.Instruction) func(yield func(*ssa.If, bool) bool) {
	return func(yield func(*ssa.If, bool) bool) {
		for b := at.Block(); b != nil; b = b.Idom() {
			d := b.Idom()
			if d == nil || len(b.Preds) != 1 || b.Preds[0] != d {
				continue
			}
			if br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If); ok && d.Succs[0] != d.Succs[1] {
				if !yield(br, d.Succs[0] == b) {
					return
				}
			}
		}
	}
}

// SelectCase is the case of a select that the condition asks for, and the select; nil if it
// asks for something else.
func SelectCase(cond ssa.Value) (*ssa.Select, int) {
	eq, ok := cond.(*ssa.BinOp)
	if !ok || eq.Op != token.EQL {
		return nil, 0
	}
	ex, ok := eq.X.(*ssa.Extract)
	if !ok || ex.Index != 0 {
		return nil, 0
	}
	sel, ok := ex.Tuple.(*ssa.Select)
	c, isConst := eq.Y.(*ssa.Const)
	if !ok || !isConst || c.Value == nil {
		return nil, 0
	}
	n, exact := constant.Int64Val(c.Value)
	if !exact || n < 0 || int(n) >= len(sel.States) {
		return nil, 0
	}
	return sel, int(n)
}

// sameLoad reports whether two values are one, or two loads of a field of one object.
func sameLoad(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	x, ok := a.(*ssa.UnOp)
	y, too := b.(*ssa.UnOp)
	if !ok || !too || x.Op != token.MUL || y.Op != token.MUL {
		return false
	}
	fx, ok := x.X.(*ssa.FieldAddr)
	fy, too := y.X.(*ssa.FieldAddr)
	return ok && too && fx.Field == fy.Field && sameLoad(fx.X, fy.X)
}
