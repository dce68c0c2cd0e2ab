package condmisuse

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// unwoken reports where something is changed, under the lock, that ends the loop around a
// Wait, and neither the function nor one that calls it wakes who waits. All other wakeups
// of the Cond have to come with a change of what is waited for: one that comes by itself,
// by a clock, or when others ask for it, makes up for those that are not given.
func (c *checker) unwoken(class access.Class, cd *cond) {
	if len(cd.signals) == 0 || class.Var == nil || !class.Var.IsField() || class.Var.Exported() || class.Var.Pkg() != c.Pkg || c.handedOn(class) {
		return
	}
	lock := cd.lock
	if lock.IsZero() {
		lock = c.heldBy(cd.waits)
	}
	looked := make(map[access.Class]bool)
	for _, w := range cd.waits {
		for _, l := range c.looks(w) {
			looked[l] = true
		}
	}
	if lock.IsZero() || slices.ContainsFunc(cd.signals, func(s *site) bool { return !c.comesWith(s.call.Parent(), looked, 0) }) {
		return
	}
	told := make(map[ssa.Instruction]bool)
	for _, w := range cd.waits {
		for _, e := range c.exits(w) {
			c.untold(class, lock, w, e, told)
		}
	}
}

// comesWith reports whether the function changes something of what is looked at, or all
// that call it do.
func (c *checker) comesWith(fn *ssa.Function, looked map[access.Class]bool, depth int) bool {
	if c.changesAny(fn, looked, 0) {
		return true
	}
	if fn.Parent() != nil && len(c.pkg.Closures(fn)) == 1 && depth < maxWays {
		return c.comesWith(fn.Parent(), looked, depth+1)
	}
	sites := c.pkg.Sites(fn)
	if obj := skeleton.Declared(fn); obj == nil || obj.Exported() || c.pkg.UsedAsValue(fn) || depth >= maxWays || len(sites) == 0 {
		return false
	}
	return !slices.ContainsFunc(sites, func(s ssa.CallInstruction) bool {
		_, spawn := s.(*ssa.Go)
		return spawn || !c.comesWith(s.Parent(), looked, depth+1)
	})
}

// maxWays bounds how many calls are followed.
const maxWays = 4

// changesAny reports whether the function, or one that it calls, changes one of them.
func (c *checker) changesAny(fn *ssa.Function, looked map[access.Class]bool, depth int) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if ref, _ := c.changed(instr); ref != nil && looked[ref.Class()] {
				return true
			}
			switch instr := instr.(type) {
			case *ssa.MapUpdate:
				if looked[c.pkg.Access.Of(instr.Map).Class()] {
					return true
				}
			case ssa.CallInstruction:
				if bi, ok := instr.Common().Value.(*ssa.Builtin); ok && bi.Name() == "delete" && looked[c.pkg.Access.Of(instr.Common().Args[0]).Class()] {
					return true
				}
				fns, _ := c.pkg.Callees(instr)
				if depth < maxWays && slices.ContainsFunc(fns, func(f *ssa.Function) bool { return c.changesAny(f, looked, depth+1) }) {
					return true
				}
			}
		}
	}
	return false
}

// untold reports the changes that end the loop around w and are not told.
func (c *checker) untold(class, lock access.Class, w *wait, e exit, told map[ssa.Instruction]bool) {
	for _, fn := range c.pkg.Funcs {
		if c.pkg.InTest(fn) || c.pkg.InTestFile(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				ref, ok := c.taken(instr, e)
				if !ok || told[instr] || !c.holds(fn, instr, lock) {
					continue
				}
				if _, fresh := ref.Root().Value.(*ssa.Alloc); fresh || c.tells(fn, class, e.class, 0, make(map[*ssa.Function]bool)) {
					continue
				}
				told[instr] = true
				c.tell(w, e, ref, instr)
			}
		}
	}
}

func (c *checker) tell(w *wait, e exit, ref *access.Ref, at ssa.Instruction) {
	change, verb := c.statement(at.Pos()), "Broadcast"
	if e.of != itsFlag && e.up {
		verb = "Signal" // there is one more for one of them
	}
	c.report.Report(diag.Finding{
		Pos: change.Pos(), End: change.End(), Category: unsignalledChange,
		Message: fmt.Sprintf("%s.Wait on %s sleeps on after this change of %s, which would end its loop: nobody is woken; call %s",
			short(w.ref.String()), c.place(change, w.node), short(ref.String()), verb),
		Related: []analysis.RelatedInformation{{Pos: w.node.Pos(), End: w.node.End(), Message: "waits for it"}},
	})
}

// holds reports whether the function itself holds the lock at the instruction.
func (c *checker) holds(fn *ssa.Function, at ssa.Instruction, lock access.Class) bool {
	held, known := c.locks.Of(fn).HeldAt(at)
	return known && slices.ContainsFunc(held, func(h skeleton.Held) bool { return h.Ref.Class() == lock })
}

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
