package poolmisuse

import (
	"fmt"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/diag"
)

// outlived reports a deferred call that works with what a later defer puts: deferred
// calls run in the reverse order, so that one comes after the Put.
func (c *checker) outlived(p *put) {
	for _, b := range p.instr.Parent().Blocks {
		for _, instr := range b.Instrs {
			d, ok := instr.(*ssa.Defer)
			if !ok || ssa.Instruction(d) == ssa.Instruction(p.instr) || c.puts(d) != nil || !c.works(d, p.root) || !c.comesTo(&put{instr: d, root: p.root}, p) {
				continue
			}
			pos, end, known := c.span(d)
			if !known {
				continue
			}
			putPos, putEnd, _ := c.span(p.instr)
			c.report.Report(diag.Finding{
				Pos: pos, End: end, Category: useAfterPut,
				Message: fmt.Sprintf("this deferred call uses %s after the deferred Put on %s, which runs before it, and races with the goroutine that gets it next; swap them",
					p.name, c.place(pos, p.instr)),
				Related: []analysis.RelatedInformation{{Pos: putPos, End: putEnd, Message: "put here; deferred calls run last to first"}},
			})
			return
		}
	}
}

// works reports whether the deferred call, or the literal that it runs, uses the value.
func (c *checker) works(d *ssa.Defer, root ssa.Value) bool {
	if c.used(d, root) {
		return true
	}
	mc, ok := d.Call.Value.(*ssa.MakeClosure)
	if !ok {
		return false
	}
	for _, b := range mc.Fn.(*ssa.Function).Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && c.puts(call) != nil {
				return false // it puts, too, perhaps this
			}
			if c.used(instr, root) {
				return true
			}
		}
	}
	return false
}
