package machine

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// toldBefore reports whether instr is executed by a state of an object, and what unseen code
// does on the way to node i, to say that it is time to stop, a function of the package does
// after it has changed that state: then whoever would come late, does not come.
func (s *system) toldBefore(i int, instr ssa.Instruction) bool {
	states := statesOf(instr)
	if len(states) == 0 {
		return false
	}
	ran := make(map[*ssa.Function]bool)
	var stops []ssa.Value
	for _, e := range s.path(i) {
		for _, ev := range e.trace.list() {
			if ev.instr == nil {
				continue
			}
			ran[ev.instr.Parent()] = true
			if sel, ok := ev.instr.(*ssa.Select); ok && ev.what == "selects" && ev.index >= 0 && ev.index < len(sel.States) && sel.States[ev.index].Dir == types.RecvOnly {
				stops = append(stops, sel.States[ev.index].Chan)
			}
		}
	}
	for _, fn := range s.ps.pkg.Funcs {
		if !ran[fn] && setsOne(fn, states) && slices.ContainsFunc(stops, func(ch ssa.Value) bool { return s.ps.stops(fn, ch) }) {
			return true
		}
	}
	return false
}

// statesOf are the fields on which it depends whether the instruction is executed.
func statesOf(at ssa.Instruction) (list []*types.Var) {
	var loads func(v ssa.Value, depth int)
	loads = func(v ssa.Value, depth int) {
		if depth > 4 {
			return
		}
		switch v := v.(type) {
		case *ssa.UnOp:
			if fa, ok := v.X.(*ssa.FieldAddr); ok && v.Op == token.MUL {
				list = append(list, access.FieldOf(fa.X.Type(), fa.Field))
				return
			}
			loads(v.X, depth+1)
		case *ssa.BinOp:
			loads(v.X, depth+1)
			loads(v.Y, depth+1)
		}
	}
	for br := range skeleton.Conditions(at) {
		loads(br.Cond, 0)
	}
	return list
}

func setsOne(fn *ssa.Function, fields []*types.Var) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if st, ok := instr.(*ssa.Store); ok {
				if fa, ok := st.Addr.(*ssa.FieldAddr); ok && slices.Contains(fields, access.FieldOf(fa.X.Type(), fa.Field)) {
					return true
				}
			}
		}
	}
	return false
}

// stops reports whether the function closes the channel, which is kept in a field, or, if it
// is that of a context, cancels one.
func (ps *programs) stops(fn *ssa.Function, ch ssa.Value) bool {
	call, ok := ch.(*ssa.Call)
	done := false
	if ok {
		op, _ := ps.pkg.Op(&call.Call)
		done = op.Kind == ops.CtxDone
	}
	field := ps.pkg.Access.Of(ch).Class().Var
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			common := call.Common()
			if bi, ok := common.Value.(*ssa.Builtin); ok {
				if bi.Name() == "close" && field != nil && ps.pkg.Access.Of(common.Args[0]).Class().Var == field {
					return true
				}
				continue
			}
			if done && ops.IsCancel(common.Value.Type()) {
				return true
			}
		}
	}
	return false
}
