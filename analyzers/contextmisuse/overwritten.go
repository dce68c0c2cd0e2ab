package contextmisuse

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// overwritten looks for a cancel function that is replaced by that of another context before
// anything has been done with it. To cancel the new context, made from the old one, it may be,
// does not cancel the old one. lostcancel of go vet sees that the variable is used later, and
// not that it holds another function then.
func (c *checker) overwritten(cur inspector.Cursor, call *ast.CallExpr) {
	if c.Kind(call) != ops.CtxWithCancel || strings.HasSuffix(c.report.Position(call.Pos()).Filename, "_test.go") {
		return
	}
	set, ok := cur.Parent().Node().(*ast.AssignStmt)
	if !ok || len(set.Lhs) != 2 || len(set.Rhs) != 1 {
		return
	}
	v := c.Var(set.Lhs[1])
	if v == nil || !source.Local(v) || v.Name() == "_" || c.capturedBefore(v, set) {
		return
	}
	fn, ok := source.Func(cur)
	if !ok || v.Pos() < fn.Node().Pos() || v.Pos() > fn.Node().End() {
		return
	}
	g := c.Graph(fn.Node())
	if g == nil {
		return
	}
	again := c.From(g, set, source.Search{
		Hit: func(n ast.Node) bool {
			a, ok := n.(*ast.AssignStmt)
			return ok && len(a.Lhs) == 2 && len(a.Rhs) == 1 && a != set && c.Var(a.Lhs[1]) == v && !c.mentions(a.Rhs[0], v) && c.makesContext(a.Rhs[0])
		},
		Ends: func(n ast.Node) bool { return c.mentions(n, v) },
	})
	if again == nil {
		return
	}
	c.report.Report(diag.Finding{
		Pos: set.Lhs[1].Pos(), End: set.Lhs[1].End(), Category: cancelOverwritten,
		Message: fmt.Sprintf("%s is overwritten on line %d before it is called: the context of this line is not canceled before its parent is; keep both, and call both",
			v.Name(), c.Line(again)),
		Related: source.Related(again, "the other cancel function"),
	})
}

// makesContext reports whether the expression is a call that makes a context with a cancel function.
func (c *checker) makesContext(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	switch c.Kind(call) {
	case ops.CtxWithCancel, ops.CtxWithTimeout:
		return true
	}
	return false
}

// capturedBefore reports whether a function literal has the variable, or somebody its address:
// they can call what it holds at any time.
func (c *checker) capturedBefore(v *types.Var, set ast.Node) bool {
	return slices.ContainsFunc(c.Uses(v), func(use inspector.Cursor) bool {
		if u, ok := use.Parent().Node().(*ast.UnaryExpr); ok && u.X == use.Node() {
			return true
		}
		in, ok := source.Func(use)
		return !ok || !source.Within(set, in.Node()) || v.Pos() < in.Node().Pos()
	})
}
