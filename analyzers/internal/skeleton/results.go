package skeleton

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// Returned returns result i of a return as it was written. A function with deferred
// calls keeps its results in variables, which they can change: the value is what was
// stored there last, when none of them has the variable.
func Returned(ret *ssa.Return, i int) ssa.Value {
	v := ret.Results[i]
	variable := loaded(v)
	if variable == nil {
		return v
	}
	for _, r := range *variable.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Addr != variable {
				return v
			}
		case *ssa.UnOp, *ssa.DebugRef:
		default:
			return v
		}
	}
	seen := make(map[*ssa.BasicBlock]bool)
	for b := ret.Block(); b != nil && !seen[b]; {
		seen[b] = true
		for j := len(b.Instrs) - 1; j >= 0; j-- {
			st, ok := b.Instrs[j].(*ssa.Store)
			if ok && st.Addr == variable && loaded(st.Val) != variable {
				return st.Val
			}
		}
		if len(b.Preds) != 1 {
			break
		}
		b = b.Preds[0]
	}
	return v
}

// loaded returns the variable of the function whose value it is, or nil.
func loaded(v ssa.Value) *ssa.Alloc {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	a, _ := load.X.(*ssa.Alloc)
	return a
}
