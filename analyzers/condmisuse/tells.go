package condmisuse

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// tells reports whether the function, what it calls or starts, or what calls it, can wake
// who waits on the Cond, waits there itself, or signals anything else by which others can
// know of the change; looked is what has changed.
func (c *checker) tells(fn *ssa.Function, class, looked access.Class, depth int, seen map[*ssa.Function]bool) bool {
	if c.wakes(fn, class, looked, true, seen) {
		return true
	}
	outer := skeleton.Outermost(fn)
	if outer != fn && c.wakes(outer, class, looked, true, seen) {
		return true
	}
	if depth >= maxWays {
		return true
	}
	return slices.ContainsFunc(c.pkg.Sites(outer), func(s ssa.CallInstruction) bool {
		caller := s.Parent()
		if c.pkg.InTest(caller) || seen[caller] {
			return false
		}
		return c.wakes(caller, class, looked, false, seen) || c.tells(caller, class, looked, depth+1, seen)
	})
}

// wakes reports whether the function, or one that it calls, starts or makes, signals the
// Cond or waits on it; all says that whatever is not seen, or signals anything, counts too.
func (c *checker) wakes(fn *ssa.Function, class, looked access.Class, all bool, seen map[*ssa.Function]bool) bool {
	if seen[fn] {
		return false
	}
	seen[fn] = true
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Send, *ssa.Select:
				if all {
					return true
				}
			case *ssa.MakeClosure:
				if c.wakes(instr.Fn.(*ssa.Function), class, looked, all, seen) {
					return true
				}
			case ssa.CallInstruction:
				if c.callWakes(instr, class, looked, all, seen) {
					return true
				}
			}
		}
	}
	return false
}

func (c *checker) callWakes(call ssa.CallInstruction, class, looked access.Class, all bool, seen map[*ssa.Function]bool) bool {
	common := call.Common()
	if bi, ok := common.Value.(*ssa.Builtin); ok {
		return all && bi.Name() == "close"
	}
	op, x := c.pkg.Op(common)
	switch op.Kind {
	case ops.CondWait, ops.CondSignal, ops.CondBroadcast:
		if x == nil || classOf(c.pkg.Access.Of(x)) == class {
			return true
		}
		other := c.conds[classOf(c.pkg.Access.Of(x))]
		return other != nil && op.Kind != ops.CondWait && slices.ContainsFunc(other.waits, func(w *wait) bool { return slices.Contains(c.looks(w), looked) })
	case ops.WgDone, ops.SemRelease:
		return all
	}
	fns, complete := c.pkg.Callees(call)
	if slices.ContainsFunc(fns, func(f *ssa.Function) bool { return c.wakes(f, class, looked, all, seen) }) {
		return true
	}
	if !all || op.Kind != ops.None && op.Func < 0 {
		return false
	}
	return !complete || slices.ContainsFunc(common.Args, func(v ssa.Value) bool { return has(v.Type(), class.Var) && len(fns) == 0 })
}

// has reports whether the type is a struct with the field, or a pointer to one.
func has(t types.Type, f *types.Var) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for i := range st.NumFields() {
		if st.Field(i).Origin() == f {
			return true
		}
	}
	return false
}
