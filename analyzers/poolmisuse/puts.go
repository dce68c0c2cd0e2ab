package poolmisuse

import (
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// puts returns the value that a call puts into a pool: it is Put, or a function
// of this package that puts its argument unless that is too large or the like.
func (c *checker) puts(call ssa.CallInstruction) ssa.Value {
	common := call.Common()
	if op, _ := c.pkg.Op(common); op.Kind == ops.PoolPut {
		if args := skeleton.Args(common); len(args) == 1 {
			return args[0]
		}
		return nil
	}
	if common.IsInvoke() {
		return nil
	}
	mc, _ := common.Value.(*ssa.MakeClosure)
	callee := common.StaticCallee()
	if callee == nil {
		return nil
	}
	i := c.putParam(skeleton.Origin(callee)) - 1
	switch {
	case i < 0:
		return nil
	case i < len(common.Args):
		return common.Args[i]
	case mc != nil && i-len(callee.Params) < len(mc.Bindings):
		return mc.Bindings[i-len(callee.Params)]
	}
	return nil
}

// putParam returns which parameter, or free variable after these, a function
// puts whenever it is called, plus one. A branch that only looks at that
// parameter does not count: it keeps values out of the pool that are no good.
func (c *checker) putParam(fn *ssa.Function) int {
	if i, ok := c.putter[fn]; ok {
		return i
	}
	c.putter[fn] = 0
	if fn.Blocks == nil || fn.Pkg != c.pkg.SSA {
		return 0
	}
	found := 0
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			v := c.puts(call)
			if v == nil {
				continue
			}
			root := c.root(v)
			i := 0
			for j, p := range fn.Params {
				if root == ssa.Value(p) {
					i = j + 1
				}
			}
			for j, f := range fn.FreeVars {
				if root == ssa.Value(f) || c.pkg.Access.Binding(f) != nil && root == c.root(c.pkg.Access.Binding(f)) {
					i = len(fn.Params) + j + 1
				}
			}
			if i == 0 || found != 0 && i != found {
				return 0
			}
			found = i
		}
	}
	if found == 0 || found > len(fn.Params) && sets(fn, fn.FreeVars[found-1-len(fn.Params)]) {
		return 0
	}
	for _, b := range fn.Blocks {
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if ok && !c.about(branch.Cond, found-1, fn, changedBefore(branch), 0) {
			return 0
		}
	}
	c.putter[fn] = found
	return found
}

// sets reports whether a function literal gives a captured variable another value.
func sets(fn *ssa.Function, v *ssa.FreeVar) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if st, ok := instr.(*ssa.Store); ok && st.Addr == v {
				return true
			}
		}
	}
	return false
}

// changedBefore returns the fields that the function may have stored to when it
// gets to the branch.
func changedBefore(branch *ssa.If) map[int]bool {
	changed := make(map[int]bool)
	for _, b := range branch.Parent().Blocks {
		for _, instr := range b.Instrs {
			if st, ok := instr.(*ssa.Store); ok {
				if fa, ok := st.Addr.(*ssa.FieldAddr); ok && skeleton.Follows(st, branch) {
					changed[fa.Field] = true
				}
			}
		}
	}
	return changed
}

// about reports whether a condition looks at nothing but parameter i, and at
// nothing of it that the function changes. A count of references decides whether
// the value is put now or later.
func (c *checker) about(v ssa.Value, i int, fn *ssa.Function, changed map[int]bool, depth int) bool {
	if depth > 6 {
		return false
	}
	same := func(v ssa.Value) bool { return c.about(v, i, fn, changed, depth+1) }
	switch v := v.(type) {
	case *ssa.Const, *ssa.Global:
		return true
	case *ssa.Parameter:
		return i < len(fn.Params) && fn.Params[i] == v
	case *ssa.FreeVar:
		return i >= len(fn.Params) && fn.FreeVars[i-len(fn.Params)] == v
	case *ssa.Call:
		if callee := v.Call.StaticCallee(); callee != nil {
			if op, _ := c.pkg.Op(&v.Call); op.Kind != ops.None || callee.Pkg == c.pkg.SSA {
				return false // it may change something
			}
		} else if _, builtin := v.Call.Value.(*ssa.Builtin); !builtin {
			return false
		}
		for _, a := range v.Call.Args {
			if !same(a) {
				return false
			}
		}
		return true
	case *ssa.BinOp:
		return same(v.X) && same(v.Y)
	case *ssa.UnOp:
		return same(v.X)
	case *ssa.FieldAddr:
		return !changed[v.Field] && same(v.X)
	}
	return false
}
