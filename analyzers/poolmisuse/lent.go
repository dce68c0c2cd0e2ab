package poolmisuse

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// isError reports whether the type is error.
func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// A loan is a call of a function parameter with a value that is put when it returns.
type loan struct {
	fn, arg int // which parameter is called, and as which of its arguments it gets the value
	put     *put
}

// borrowers looks at the calls of functions that lend.
func (c *checker) borrowers(loans map[*ssa.Function][]loan) {
	for _, fn := range c.pkg.Funcs {
		if len(loans[fn]) == 0 {
			continue
		}
		for _, s := range c.pkg.Sites(fn) {
			if call, ok := s.(*ssa.Call); ok {
				c.lent(call, fn, loans[fn])
			}
		}
	}
}

// lent reports a function literal that is lent a value from a pool, by a function that
// puts it afterwards, and leaves memory of it in a variable that is used later.
func (c *checker) lent(call *ssa.Call, callee *ssa.Function, loans []loan) {
	for _, l := range loans {
		if l.fn >= len(call.Call.Args) {
			continue
		}
		mc, ok := call.Call.Args[l.fn].(*ssa.MakeClosure)
		if !ok {
			continue
		}
		lit := mc.Fn.(*ssa.Function)
		if l.arg >= len(lit.Params) {
			continue
		}
		for _, b := range lit.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if ok && isSlice(st.Val.Type()) && c.part(st.Val, lit.Params[l.arg]) {
					if use := c.usedLater(c.pkg.Access.Cell(st.Addr), call); use != nil {
						c.leftBehind(st, l, lit.Params[l.arg], callee, use)
						return
					}
				}
			}
		}
	}
}

func (c *checker) leftBehind(st *ssa.Store, l loan, p *ssa.Parameter, callee *ssa.Function, use ssa.Instruction) {
	at := c.assignment(st.Pos())
	if at == nil {
		return
	}
	pos, end := at.Pos(), at.End()
	putPos, putEnd, _ := c.span(l.put.instr)
	c.report.Report(diag.Finding{
		Pos: pos, End: end, Category: useAfterPut,
		Message: fmt.Sprintf("this keeps memory of %s, which %s puts (%s), for the use on %s: it races with the goroutine that gets it next; keep a copy",
			short(p.Name()), short(callee.Name()), c.place(pos, l.put.instr), c.place(pos, use)),
		Related: []analysis.RelatedInformation{{Pos: putPos, End: putEnd, Message: "put here"}},
	})
}

// assignment is the innermost assignment around a position.
func (c *checker) assignment(pos token.Pos) *ast.AssignStmt {
	file := diag.EnclosingFile(c.Pass, pos)
	if file == nil {
		return nil
	}
	path, _ := astutil.PathEnclosingInterval(file, pos, pos)
	for _, n := range path {
		if s, ok := n.(*ast.AssignStmt); ok {
			return s
		}
	}
	return nil
}

// usedLater returns a use of what is in the variable after the call, on a way on which it
// is not set again.
func (c *checker) usedLater(variable *ssa.Alloc, call *ssa.Call) (use ssa.Instruction) {
	if variable == nil || variable.Parent() != call.Parent() {
		return nil
	}
	walk(call, func(instr ssa.Instruction) bool {
		switch x := instr.(type) {
		case *ssa.Store:
			return c.pkg.Access.Cell(x.Addr) == variable
		case *ssa.UnOp:
			if use == nil && c.pkg.Access.Cell(x.X) == variable {
				use = reads(x)
			}
		}
		return use != nil
	})
	return use
}

// reads returns an instruction that works with the elements of the loaded slice.
func reads(load *ssa.UnOp) ssa.Instruction {
	for _, r := range *load.Referrers() {
		switch r := r.(type) {
		case *ssa.Return, *ssa.IndexAddr, *ssa.Send:
			return r
		case *ssa.Call:
			if b, ok := r.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" && b.Name() != "cap" {
				return r
			}
		}
	}
	return nil
}

// loansOf returns the loans of a function: it puts, when the call has returned, what it
// calls its parameter with.
func (c *checker) loansOf(fn *ssa.Function, puts []*put) (list []loan) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || call.Call.IsInvoke() {
				continue
			}
			param, ok := call.Call.Value.(*ssa.Parameter)
			if !ok {
				continue
			}
			for i, a := range call.Call.Args {
				root := c.root(a)
				j := slices.IndexFunc(puts, func(p *put) bool {
					return root != nil && p.root == root && (p.deferred && skeleton.Dominates(p.instr, call) || !p.deferred && skeleton.Dominates(call, p.instr))
				})
				if j >= 0 {
					list = append(list, loan{slices.Index(fn.Params, param), i, puts[j]})
				}
			}
		}
	}
	return list
}
