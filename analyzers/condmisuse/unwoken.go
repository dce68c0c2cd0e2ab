package condmisuse

import (
	"cmp"
	"fmt"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
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
		if list := c.untold(class, lock, w, told); len(list) > 0 {
			slices.SortFunc(list, func(a, b change) int { return cmp.Compare(a.at.Pos(), b.at.Pos()) })
			c.tell(w, list)
		}
	}
}

// comesWith reports whether the function changes something of what is looked at, or all
// that call it do.
func (c *checker) comesWith(fn *ssa.Function, looked map[access.Class]bool, depth int) bool {
	if c.changesAny(fn, looked, 0) {
		return true
	}
	if fn.Parent() != nil {
		return depth < maxWays && c.runsHere(fn) && c.comesWith(fn.Parent(), looked, depth+1)
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

// runsHere reports whether the literal is only called or deferred, by the function that it
// is in: it is no goroutine, and no callback.
func (c *checker) runsHere(fn *ssa.Function) bool {
	made := c.pkg.Closures(fn)
	return len(made) == 1 && !slices.ContainsFunc(*made[0].Referrers(), func(r ssa.Instruction) bool {
		call, ok := r.(ssa.CallInstruction)
		_, spawn := r.(*ssa.Go)
		return !ok || spawn || call.Common().Value != made[0]
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

// untold are the changes that end the loop around w and are not told. What is changed
// only where the loop would end anyway, or where nobody is counted as waiting, finds
// nobody asleep.
func (c *checker) untold(class, lock access.Class, w *wait, told map[ssa.Instruction]bool) (list []change) {
	exits := c.exits(w)
	if len(exits) == 0 {
		return nil
	}
	counted := c.storedAround(w)
	for _, fn := range c.pkg.Funcs {
		if c.pkg.InTest(fn) || c.pkg.InTestFile(fn) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				for _, e := range exits {
					ref, ok := c.taken(instr, e)
					if !ok || told[instr] || !c.holds(fn, instr, lock) || c.nobodyAsleep(instr, exits, counted) {
						continue
					}
					if _, fresh := ref.Root().Value.(*ssa.Alloc); fresh || c.tells(fn, class, e.class, 0, make(map[*ssa.Function]bool)) {
						continue
					}
					told[instr] = true
					list = append(list, change{ref, instr, e})
				}
			}
		}
	}
	return list
}

// A change is one that is not told.
type change struct {
	ref *access.Ref
	at  ssa.Instruction
	exit
}

// storedAround are the classes of what the loop around a Wait writes: who waits is
// counted there.
func (c *checker) storedAround(w *wait) map[access.Class]bool {
	stored := make(map[access.Class]bool)
	for b := range loopAround(w) {
		for _, instr := range b.Instrs {
			if ref, _ := c.changed(instr); ref != nil && !ref.Class().IsZero() {
				stored[ref.Class()] = true
			}
		}
	}
	return stored
}

// nobodyAsleep reports whether the instruction is executed only where one of the exits
// was open already, or by what the loop itself writes.
func (c *checker) nobodyAsleep(at ssa.Instruction, exits []exit, counted map[access.Class]bool) bool {
	for b := at.Block(); b.Idom() != nil; b = b.Idom() {
		d := b.Idom()
		br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || len(b.Preds) != 1 || d.Succs[0] == d.Succs[1] {
			continue
		}
		if e, ok := c.exit(br.Cond, d.Succs[0] == b); ok && slices.Contains(exits, e) {
			return true
		}
		if slices.ContainsFunc(c.loads(br.Cond, nil, 0), func(l access.Class) bool { return counted[l] }) {
			return true
		}
	}
	return false
}

// tell reports the changes that a Wait is not told of.
func (c *checker) tell(w *wait, list []change) {
	first := list[0]
	verb := "Broadcast"
	if first.of != itsFlag && first.up {
		verb = "Signal" // there is one more for one of them
	}
	f := diag.Finding{
		Pos: w.node.Pos(), End: w.node.End(), Category: unsignalledChange,
		Message: fmt.Sprintf("%s.Wait sleeps on when %s is changed on %s, which would end its loop: nobody is woken there; call %s after it",
			short(w.ref.String()), short(first.ref.String()), c.place(w.node, first.at), verb),
	}
	for _, ch := range list {
		at := c.statement(ch.at.Pos())
		f.Related = append(f.Related, analysis.RelatedInformation{Pos: at.Pos(), End: at.End(), Message: "changed here, and nobody is told"})
	}
	c.report.Report(f)
}

// holds reports whether the function itself holds the lock at the instruction.
func (c *checker) holds(fn *ssa.Function, at ssa.Instruction, lock access.Class) bool {
	held, known := c.locks.Of(fn).HeldAt(at)
	return known && slices.ContainsFunc(held, func(h skeleton.Held) bool { return h.Ref.Class() == lock })
}
