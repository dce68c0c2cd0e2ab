package selectexit

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/cfg"

	"github.com/conclint/conclint/analyzers/internal/diag"
)

// forever looks at a select without cases. It is right at the end of main and
// of a goroutine. It is wrong in a function that never returns because of it
// and has callers with more to do.
func (c *checker) forever(sel *ast.SelectStmt, at spot) {
	decl, ok := at.fn.(*ast.FuncDecl)
	if !ok {
		return
	}
	fn, _ := c.TypesInfo.Defs[decl.Name].(*types.Func)
	if fn == nil || !c.cfgs.NoReturn(fn) {
		return
	}
	call, next := c.callWithMoreToDo(fn)
	if call == nil {
		return
	}
	name := fn.Name()
	c.report.Report(diag.Finding{
		Pos: sel.Pos(), End: sel.End(), Category: selectForever,
		Message: fmt.Sprintf("select without cases blocks forever, so %s never returns and what follows its call (%s) never runs", short(name), c.where(call, sel)),
		Related: append(c.related(call, "the call that never returns"), c.related(next, "never runs")...),
	})
}

// callWithMoreToDo returns a call statement of fn and a statement after it
// that nothing else leads to.
func (c *checker) callWithMoreToDo(fn *types.Func) (call, next ast.Node) {
	for _, file := range c.Files {
		ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
			if call != nil {
				return false
			}
			s, ok := n.(*ast.ExprStmt)
			if !ok {
				return true
			}
			x, ok := ast.Unparen(s.X).(*ast.CallExpr)
			if !ok || c.callee(x) != fn {
				return true
			}
			g := c.graph(place(stack).fn)
			if g == nil {
				return true
			}
			for _, b := range g.Blocks {
				if b.Kind == cfg.KindUnreachable && b.Stmt == ast.Stmt(s) {
					for _, after := range b.Nodes {
						if !c.formal(after) {
							call, next = s, after
							break
						}
					}
				}
			}
			return true
		})
	}
	return call, next
}

// formal reports whether a statement is there because the compiler wants it:
// a return, or a panic.
func (c *checker) formal(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.ExprStmt:
		call, ok := n.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		id, ok := ast.Unparen(call.Fun).(*ast.Ident)
		return ok && c.TypesInfo.Uses[id] == types.Universe.Lookup("panic")
	}
	return false
}
