package condmisuse

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// apart reports whether nobody can be in the Wait when the signal is given: that is given
// only while a flag is not set, which who waits sets before, and which nobody takes back.
func (c *checker) apart(s *site, w *wait) bool {
	for br, truth := range skeleton.Conditions(s.call) {
		e, ok := c.exit(br.Cond, truth)
		if !ok || e.of != itsFlag {
			continue
		}
		if e.flag = !e.flag; c.setBefore(w, e) && c.forGood(e) {
			return true
		}
	}
	return false
}

// setBefore reports whether the function sets the flag before the Wait, itself or by a
// call of a method of the same object that always does.
func (c *checker) setBefore(w *wait, e exit) bool {
	fn := w.call.Parent()
	return slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
		return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
			if !skeleton.Dominates(instr, w.call) {
				return false
			}
			if _, ok := c.taken(instr, e); ok {
				return true
			}
			call, ok := instr.(*ssa.Call)
			if !ok || call.Call.StaticCallee() == nil || len(call.Call.Args) == 0 || c.pkg.Access.Of(call.Call.Args[0]) != w.ref.Root() {
				return false
			}
			callee := skeleton.Origin(call.Call.StaticCallee())
			return len(callee.Blocks) > 0 && slices.ContainsFunc(callee.Blocks[0].Instrs, func(i ssa.Instruction) bool {
				_, ok := c.taken(i, e)
				return ok
			})
		})
	})
}
