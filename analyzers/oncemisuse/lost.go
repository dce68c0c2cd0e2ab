package oncemisuse

import (
	"fmt"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/access"
	"github.com/conclint/conclint/analyzers/internal/diag"
)

// lost reports a result of the only run that later callers do not see: of one
// call, one result is stored for good, by the function or by what it calls, and the
// other in a variable of the caller that returns it.
func (c *checker) lost(d *do) {
	if _, ok := d.call.Call.Args[0].(*ssa.Alloc); ok || len(d.fns) != 1 {
		return
	}
	caller := d.call.Parent()
	fn := d.fns[0]
	if fn.Parent() != caller {
		return
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok {
				continue
			}
			from, ok := st.Val.(ssa.Instruction)
			if !ok || !isError(st.Val.Type()) {
				continue
			}
			cell := c.pkg.Access.Cell(st.Addr)
			if cell == nil || cell.Parent() != caller || !returned(cell) || c.savedElsewhere(cell, caller) {
				continue
			}
			kept := c.keptFrom(from, caller)
			if kept == "" || c.askedFor(caller, kept) {
				continue
			}
			c.report.Report(diag.Finding{
				Pos: d.node.Pos(), End: d.node.End(), Category: lostResult,
				Message: fmt.Sprintf("%s set in %s.Do is seen by the first caller only: after a failure all others get %s as it is and no error; keep the error too", cell.Comment, d.once, kept),
				Related: []analysis.RelatedInformation{{Pos: st.Pos(), End: st.Pos() + 1, Message: "the error is stored in a variable of this call"}},
			})
			return
		}
	}
}

// keptFrom returns the name of what outlives the caller and comes with the error, or "".
func (c *checker) keptFrom(err ssa.Instruction, caller *ssa.Function) string {
	switch err := err.(type) {
	case *ssa.Extract:
		if kept := c.kept(err.Tuple, caller); kept != "" {
			return kept
		}
		if call, ok := err.Tuple.(*ssa.Call); ok {
			return c.usedAfter(call, caller)
		}
	case *ssa.Call:
		return c.usedAfter(err, caller)
	}
	return ""
}

// savedElsewhere reports whether the function, or a literal in it, such as a
// deferred one, stores what is in the variable where it lasts.
func (c *checker) savedElsewhere(cell *ssa.Alloc, fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			st, ok := instr.(*ssa.Store)
			if !ok || c.pkg.Access.Cell(st.Addr) != nil {
				continue
			}
			if load, ok := st.Val.(*ssa.UnOp); ok && c.pkg.Access.Cell(load.X) == cell {
				return true
			}
		}
	}
	for _, lit := range fn.AnonFuncs {
		if c.savedElsewhere(cell, lit) {
			return true
		}
	}
	return false
}

// kept returns the name of what outlives the caller and holds a result of the
// call, or "".
func (c *checker) kept(tuple ssa.Value, caller *ssa.Function) string {
	for _, r := range *tuple.Referrers() {
		x, ok := r.(*ssa.Extract)
		if !ok {
			continue
		}
		for _, use := range *x.Referrers() {
			st, ok := use.(*ssa.Store)
			if !ok || st.Val != ssa.Value(x) {
				continue
			}
			ref := c.pkg.Access.Of(st.Addr)
			root := ref.Root()
			switch {
			case root.Kind == access.Global, ref.Kind == access.Field && root.Kind == access.Param && root.Value.Parent() == caller:
				return ref.String()
			}
		}
	}
	return ""
}

// askedFor reports whether the caller compares the kept result with something:
// it knows then that the initialisation has failed.
func (c *checker) askedFor(caller *ssa.Function, kept string) bool {
	for _, b := range caller.Blocks {
		for _, instr := range b.Instrs {
			if bin, ok := instr.(*ssa.BinOp); ok {
				if c.pkg.Access.Of(bin.X).String() == kept || c.pkg.Access.Of(bin.Y).String() == kept {
					return true
				}
			}
		}
	}
	return false
}

// returned reports whether its function returns the variable.
func returned(cell *ssa.Alloc) bool {
	for _, r := range *cell.Referrers() {
		load, ok := r.(*ssa.UnOp)
		if !ok {
			continue
		}
		for _, use := range *load.Referrers() {
			if _, ok := use.(*ssa.Return); ok {
				return true
			}
		}
	}
	return false
}
