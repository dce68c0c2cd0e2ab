package condmisuse

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

func kind(pass *analysis.Pass, call *ast.CallExpr) ops.Kind {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return ops.None
	}
	fn, _ := pass.TypesInfo.Uses[sel.Sel].(*types.Func)
	return ops.Of(fn).Kind
}

// exportedWithoutLock reports whether the type is exported and does not let
// others lock it.
func exportedWithoutLock(t types.Type) bool {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := t.(*types.Named)
	if !ok || !named.Obj().Exported() {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(t), true, named.Obj().Pkg(), "Lock")
	return obj == nil
}

// loop reports a Wait after which the function works with what it waited for
// and has not looked again. Any branch between is a look.
func (c *checker) loop(w *wait) {
	if _, ok := w.call.(*ssa.Call); !ok {
		return
	}
	branch, looped := condition(w.stack)
	if !c.worksOn(w.call) && (branch == nil || !c.takesUnseen(w)) {
		return
	}
	name := w.ref.String()
	if branch == nil {
		// It waits for the next signal, whatever that is, unless it then takes
		// what must be there.
		if !looped && c.consumes(w.call) {
			c.report.Report(diag.Finding{
				Pos: w.node.Pos(), End: w.node.End(), Category: outsideLoop,
				Message: fmt.Sprintf("%s.Wait looks at no condition: a signal before it may be missed, and then it blocks forever; wait in a loop over the condition", short(name)),
			})
		}
		return
	}
	f := diag.Finding{
		Pos: w.node.Pos(), End: w.node.End(), Category: outsideLoop,
		Message: fmt.Sprintf("%s.Wait is not in a loop: the condition on line %d can be false again when it returns; use for instead of if", name, c.Fset.Position(branch.Pos()).Line),
		Related: []analysis.RelatedInformation{{Pos: branch.Cond.Pos(), End: branch.Cond.End(), Message: "the condition is looked at once"}},
	}
	if branch.Init == nil && branch.Else == nil && len(branch.Body.List) == 1 && !elseBranch(w.stack, branch) {
		f.Fix = &analysis.SuggestedFix{
			Message:   "use for instead of if",
			TextEdits: []analysis.TextEdit{{Pos: branch.If, End: branch.If + token.Pos(len("if")), NewText: []byte("for")}},
		}
	}
	c.report.Report(f)
}

// condition returns the if that decides about the Wait, or nil when there is
// none in the function, and whether a loop or another branch is around it.
func condition(stack []ast.Node) (branch *ast.IfStmt, other bool) {
	for i := len(stack) - 1; i >= 0; i-- {
		switch n := stack[i].(type) {
		case *ast.IfStmt:
			return n, true
		case *ast.FuncLit, *ast.FuncDecl:
			return nil, false
		case *ast.ForStmt, *ast.RangeStmt, *ast.CaseClause, *ast.CommClause:
			return nil, true
		}
	}
	return nil, false
}

// elseBranch reports whether the if is the else of another one.
func elseBranch(stack []ast.Node, branch *ast.IfStmt) bool {
	for _, n := range stack {
		if outer, ok := n.(*ast.IfStmt); ok && outer.Else == branch {
			return true
		}
	}
	return false
}

// worksOn reports whether the straight way on from the call reads or changes
// something before a branch, an unlock or the end.
func (c *checker) worksOn(call ssa.CallInstruction) bool {
	b := call.Block()
	from := 0
	for i, instr := range b.Instrs {
		if instr == ssa.Instruction(call) {
			from = i + 1
		}
	}
	seen := make(map[*ssa.BasicBlock]bool)
	for !seen[b] {
		seen[b] = true
		_, looks := b.Instrs[len(b.Instrs)-1].(*ssa.If) // reading is the look
		for _, instr := range b.Instrs[from:] {
			switch instr := instr.(type) {
			case *ssa.If, *ssa.Return, *ssa.Panic:
				return false
			case *ssa.Store:
				// A local variable is not shared, and a constant does not depend on
				// the condition.
				if _, constant := instr.Val.(*ssa.Const); !constant && c.pkg.Access.Cell(instr.Addr) == nil {
					return true
				}
			case *ssa.MapUpdate, *ssa.Lookup, *ssa.Send, *ssa.Go:
				return true
			case *ssa.UnOp:
				if !looks && instr.Op == token.MUL && c.shared(instr) {
					return true
				}
			case *ssa.Call:
				op, _ := c.pkg.Op(&instr.Call)
				switch op.Kind {
				case ops.Unlock, ops.RUnlock, ops.CondWait:
					return false
				case ops.Lock, ops.RLock, ops.CondSignal, ops.CondBroadcast:
				default:
					if _, builtin := instr.Call.Value.(*ssa.Builtin); !builtin && !looks {
						return true
					}
				}
			}
		}
		if len(b.Succs) != 1 {
			return false
		}
		b, from = b.Succs[0], 0
	}
	return false
}

// consumes reports whether, in the block of the call, something shared is changed
// or an element taken.
func (c *checker) consumes(call ssa.CallInstruction) bool {
	after := false
	for _, instr := range call.Block().Instrs {
		switch x := instr.(type) {
		case *ssa.Store:
			if after && c.pkg.Access.Cell(x.Addr) == nil {
				return true
			}
		case *ssa.MapUpdate, *ssa.IndexAddr, *ssa.Index:
			if after {
				return true
			}
		}
		after = after || instr == ssa.Instruction(call)
	}
	return false
}

// shared reports whether the load is of data, and not of the lock or Cond.
func (c *checker) shared(load *ssa.UnOp) bool {
	switch load.X.(type) {
	case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.Global:
		t := load.Type()
		return !ops.IsLocker(t) && !ops.IsLock(t) && !ops.IsCond(t)
	}
	return false
}
