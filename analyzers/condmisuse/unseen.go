package condmisuse

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// takesUnseen reports whether the function waits for a slice or map to have something in
// it, once, and takes that on a way on which it does not look at the length again: what
// it looks at there is another thing.
func (c *checker) takesUnseen(w *wait) bool {
	at := w.call.Block()
	for d := at.Idom(); d != nil; d = d.Idom() {
		br, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok || d.Succs[0] == d.Succs[1] {
			continue
		}
		if skeleton.Reaches(at, d) {
			return false // it is looked at in each turn
		}
		for k, to := range d.Succs {
			if e, ok := c.exit(br.Cond, k == 0); ok && e.of == itsLength && e.up && !to.Dominates(at) && c.taking(w.call, e.class) {
				return true
			}
		}
	}
	return false
}

// taking reports whether a way leads from the call to where an element of the slice is
// taken, past no branch that looks at its length.
func (c *checker) taking(from ssa.Instruction, class access.Class) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	var walk func(b *ssa.BasicBlock, i int) bool
	walk = func(b *ssa.BasicBlock, i int) bool {
		for _, instr := range b.Instrs[i:] {
			switch instr := instr.(type) {
			case *ssa.IndexAddr:
				if c.looked(instr.X) == class {
					return true
				}
			case *ssa.Call:
				if op, _ := c.pkg.Op(&instr.Call); op.Kind == ops.CondWait || op.Kind == ops.Unlock || op.Kind == ops.RUnlock {
					return false
				}
				if fns, _ := c.pkg.Callees(instr); len(fns) > 0 {
					return false // it may look
				}
			case *ssa.If:
				if slices.Contains(c.loads(instr.Cond, nil, 0), class) {
					return false
				}
			}
		}
		return slices.ContainsFunc(b.Succs, func(s *ssa.BasicBlock) bool {
			if seen[s] {
				return false
			}
			seen[s] = true
			return walk(s, 0)
		})
	}
	return walk(from.Block(), slices.Index(from.Block().Instrs, from)+1)
}
