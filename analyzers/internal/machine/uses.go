package machine

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// A use is how a function uses what lies in a field.
type use struct {
	fn              *ssa.Function
	sends, receives bool
}

// fieldUses lists how the functions of the package use the fields whose values
// goroutines synchronise on or that lead to such: sending (also closing, counting
// down, cancelling), receiving, or both when that is not known.
func fieldUses(ps *programs) map[*types.Var][]use {
	out := make(map[*types.Var][]use)
	for _, fn := range ps.pkg.Funcs {
		found := make(map[*types.Var]use)
		note := func(v ssa.Value, sends, receives bool) {
			if f := ps.pkg.Access.Of(v).Class().Var; f != nil && f.IsField() {
				u := found[f]
				found[f] = use{fn, u.sends || sends, u.receives || receives}
			}
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Send:
					note(instr.Chan, true, false)
				case *ssa.Select:
					for _, c := range instr.States {
						note(c.Chan, c.Dir == types.SendOnly, c.Dir == types.RecvOnly)
					}
				case *ssa.UnOp:
					switch instr.Op {
					case token.ARROW:
						note(instr.X, false, true)
					case token.MUL:
						if ps.interesting(instr.Type()) && !onlyUsed(ps, instr) {
							note(instr.X, true, true)
						}
					}
				case *ssa.Store:
					if _, fresh := ps.pkg.Access.Of(instr.Addr).Root().Value.(*ssa.Alloc); ps.interesting(instr.Val.Type()) && !fresh {
						note(instr.Addr, true, true)
					}
				case ssa.CallInstruction:
					common := instr.Common()
					if bi, ok := common.Value.(*ssa.Builtin); ok {
						if bi.Name() == "close" {
							note(common.Args[0], true, false)
						}
						continue
					}
					op, on := ps.pkg.Op(common)
					if on == nil {
						continue
					}
					switch op.Kind {
					case ops.WgDone, ops.WgAdd, ops.CondSignal, ops.CondBroadcast, ops.SemRelease:
						note(on, true, false)
					}
				}
			}
		}
		for f, u := range found {
			out[f] = append(out[f], u)
		}
	}
	return out
}

// onlyUsed reports whether a loaded value is only used for operations that are
// noted of themselves, and does not go elsewhere.
func onlyUsed(ps *programs, v ssa.Value) bool {
	if v.Referrers() == nil {
		return false
	}
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Send:
			if r.X == v {
				return false
			}
		case *ssa.Select:
			if slices.ContainsFunc(r.States, func(c *ssa.SelectState) bool { return c.Send == v }) {
				return false
			}
		case *ssa.UnOp, *ssa.BinOp, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.If, *ssa.DebugRef:
		case *ssa.ChangeType:
			if !onlyUsed(ps, r) {
				return false
			}
		case ssa.CallInstruction:
			common := r.Common()
			if bi, ok := common.Value.(*ssa.Builtin); ok {
				switch bi.Name() {
				case "close", "len", "cap":
					continue
				}
				return false
			}
			if common.Value == v {
				return false // a function that is called: a cancel, a stop
			}
			if op, on := ps.pkg.Op(common); op.Kind != ops.None && on == v {
				continue
			}
			// A pointer handed to a function of the package: its uses of the fields
			// behind are noted there.
			if _, isPtr := v.Type().Underlying().(*types.Pointer); isPtr {
				if fns, complete := ps.pkg.Callees(r); complete && len(fns) > 0 {
					continue
				}
			}
			return false
		default:
			return false
		}
	}
	return true
}
