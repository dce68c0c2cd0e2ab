package timerleak

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// rearm looks at a method that always empties a timer of its receiver, where another
// function calls it on a way on which it has received from the timer itself.
func (c *checker) rearm(cur, fn inspector.Cursor, recv *ast.UnaryExpr, t ast.Expr) {
	decl, ok := fn.Node().(*ast.FuncDecl)
	sel, isField := ast.Unparen(t).(*ast.SelectorExpr)
	if !ok || !isField || decl.Recv == nil || len(decl.Recv.List[0].Names) != 1 || !c.always(cur, decl) {
		return
	}
	me, ok := ast.Unparen(sel.X).(*ast.Ident)
	if !ok || c.Var(me) != c.Var(decl.Recv.List[0].Names[0]) {
		return
	}
	method, _ := c.Pass.TypesInfo.Defs[decl.Name].(*types.Func)
	for site := range c.Root.Preorder((*ast.CallExpr)(nil)) {
		call := site.Node().(*ast.CallExpr)
		if c.Callee(call) != method || c.IsTest(call) {
			continue
		}
		object, ok := source.Receiver(call).(*ast.Ident)
		if !ok {
			continue
		}
		if other := c.receivedBefore(site, call, object.Name+"."+sel.Sel.Name, c.Var(sel)); other != nil {
			c.report.Report(diag.Finding{
				Pos: recv.Pos(), End: recv.End(), Category: drainBlocks,
				Message: fmt.Sprintf("%s blocks forever after the receive on %s, from where %s is called: Stop returns false and the channel is empty; do not drain there",
					source.Short(recv), c.Where(other, recv), decl.Name.Name),
				Related: append(source.Related(other, "the value is received here"), source.Related(call, "and it is drained again by this call")...),
			})
			return
		}
	}
}

// always reports whether the drain is a statement of the function's body that every call
// comes to, with no other condition than that of Stop.
func (c *checker) always(cur inspector.Cursor, decl *ast.FuncDecl) bool {
	s := cur.Parent().Parent().Parent().Node().(*ast.IfStmt)
	if not, ok := ast.Unparen(s.Cond).(*ast.UnaryExpr); !ok || not.Op != token.NOT || s.Init != nil {
		return false
	}
	for _, before := range decl.Body.List {
		if before == ast.Stmt(s) {
			return true
		}
		if source.Any(before, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ReturnStmt, *ast.BranchStmt:
				return true
			case *ast.CallExpr:
				return c.Kind(n) == ops.TimerReset
			}
			return false
		}) {
			return false
		}
	}
	return false
}

// receivedBefore returns a receive from the timer in the function of the call, from which
// a way leads to the call with nothing that starts the timer again.
func (c *checker) receivedBefore(site inspector.Cursor, call *ast.CallExpr, name string, field *types.Var) ast.Node {
	body, ok := source.Func(site)
	if !ok {
		return nil
	}
	g := c.Graph(body.Node())
	if g == nil {
		return nil
	}
	search := source.Search{
		Ends: func(n ast.Node) bool {
			return c.assigns(n, name) || source.Any(n, func(n ast.Node) bool {
				other, ok := n.(*ast.CallExpr)
				return ok && other != call && (c.ofTimer(n, ops.TimerReset, name) || c.restarts(other, field))
			})
		},
		Hit: func(n ast.Node) bool { return source.Within(call, n) },
	}
	for other := range body.Preorder((*ast.UnaryExpr)(nil)) {
		if in, _ := source.Func(other); in == body && c.receives(other.Node(), name) && c.drain(other, name) == nil && c.From(g, other.Node(), search) != nil {
			return other.Node()
		}
	}
	return nil
}

// restarts reports whether the called function of the package names the timer's field: it
// may start it again.
func (c *checker) restarts(call *ast.CallExpr, field *types.Var) bool {
	decl, ok := c.Decl(c.Callee(call))
	return ok && source.Any(decl.Node(), func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		return ok && c.Pass.TypesInfo.Uses[id] == types.Object(field)
	})
}
