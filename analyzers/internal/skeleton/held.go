package skeleton

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// note keeps which locks are held at an instruction that can access memory or
// run other code. It is what guarded-by rests on, so it counts every path: a
// lock is held at an instruction when it is on all of them.
func (ex *explorer) note(s *state, instr ssa.Instruction) {
	switch instr.(type) {
	case *ssa.UnOp, *ssa.Store, *ssa.MapUpdate, *ssa.Lookup, *ssa.Range, *ssa.Next, *ssa.Call, *ssa.Go, *ssa.Send, *ssa.Return:
		ex.hold(s, instr)
	}
}

func (ex *explorer) hold(s *state, instr ssa.Instruction) {
	have, met := ex.out.held[instr]
	if !met {
		ex.out.held[instr] = withNames(s.held)
		return
	}
	if !slices.EqualFunc(have, withNames(s.held), func(a, b Held) bool { return a.Ref == b.Ref }) {
		ex.out.varies[instr] = true
	}
	if len(have) == 0 {
		return
	}
	ex.out.held[instr] = slices.DeleteFunc(have, func(h Held) bool {
		return !slices.ContainsFunc(s.held, func(o Held) bool { return o.Ref == h.Ref && (o.Mode == h.Mode || o.Mode == Exclusive) })
	})
}

// HeldAt returns the locks that the function itself holds on every path to the
// instruction: to a load, store or map operation, to a call or a send, or to a deferred
// call when it runs. It is not known when no path gets there, when some paths hold a lock
// and others do not (those depend on what the callers have told), and when the function
// was too large, but where no path can hold any.
func (fl *FuncLocks) HeldAt(instr ssa.Instruction) (held []Held, known bool) {
	if fl == nil {
		return nil, true
	}
	if fl.Cut {
		return nil, fl.bare[instr]
	}
	held, known = fl.held[instr]
	return held, known && !fl.varies[instr]
}
