package contextmisuse

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

// fresh looks at a call that is given context.Background or TODO by a function which
// has a context: an HTTP handler, or one with a parameter. Goroutines, deferred calls and
// what is done after an error or without a look at the result may be cleanup, which has
// to go on.
func (c *checker) fresh(cur inspector.Cursor, call *ast.CallExpr) {
	var root *ast.CallExpr
	for _, arg := range call.Args {
		if r, ok := ast.Unparen(arg).(*ast.CallExpr); ok && c.Kind(r) == ops.CtxRoot && c.Callee(r).Pkg().Path() == "context" {
			root = r
		}
	}
	fn, ok := source.Func(cur)
	if root == nil || !ok || c.IsTest(call) || !c.Heeds(call) || c.cleans(cur, fn) {
		return
	}
	own := ""
	if h, ok := c.handler(fn.Node()); ok {
		own = h.r.Name() + ".Context()"
	} else if ctx := c.param(fn.Node()); ctx != nil {
		own = ctx.Name()
	}
	if own == "" {
		return
	}
	c.report.Report(diag.Finding{
		Pos: root.Pos(), End: root.End(), Category: freshContext,
		Message: fmt.Sprintf("%s gets %s where there is %s: it goes on when the caller has given up; pass that, or context.WithoutCancel of it",
			source.Short(call.Fun), types.ExprString(root), own),
	})
}

// param returns the parameter of the function that is a context, when it has a name and
// keeps its value.
func (c *checker) param(fn ast.Node) *types.Var {
	_, typ := source.Body(fn)
	for _, f := range typ.Params.List {
		for _, id := range f.Names {
			if v := c.Var(id); v != nil && id.Name != "_" && ops.IsContext(v.Type()) && !c.Assigns(fn, v) {
				return v
			}
		}
	}
	return nil
}

// cleans reports whether the call is one whose results nobody looks at, or is reached
// where something has failed or a context is asked.
func (c *checker) cleans(cur, fn inspector.Cursor) bool {
	switch up := cur.Parent().Node().(type) {
	case *ast.ExprStmt, *ast.DeferStmt, *ast.GoStmt:
		return true
	case *ast.AssignStmt:
		named := false
		for _, lhs := range up.Lhs {
			id, ok := lhs.(*ast.Ident)
			named = named || !ok || id.Name != "_"
		}
		if !named {
			return true
		}
	}
	for up := range cur.Enclosing((*ast.IfStmt)(nil), (*ast.CommClause)(nil), (*ast.FuncLit)(nil)) {
		switch n := up.Node().(type) {
		case *ast.FuncLit:
			if up == fn {
				_, deferred := up.Parent().Parent().Node().(*ast.DeferStmt)
				return deferred || c.Started(up)
			}
		case *ast.CommClause:
			if n.Comm != nil && source.Any(n.Comm, func(n ast.Node) bool { return c.Kind(n) == ops.CtxDone }) {
				return true
			}
		case *ast.IfStmt:
			if source.Within(cur.Node(), n.Body) && source.Any(n.Cond, c.asksFailure) {
				return true
			}
		}
	}
	return false
}

// asksFailure reports whether the node compares an error or a context, or asks one.
func (c *checker) asksFailure(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		t := c.Pass.TypesInfo.TypeOf(n.X)
		return n.Op == token.NEQ && t != nil && source.IsError(t) || ops.IsContext(t)
	case *ast.CallExpr:
		for _, arg := range n.Args {
			if source.IsError(c.Pass.TypesInfo.TypeOf(arg)) {
				return true
			}
		}
		return c.Kind(n) == ops.CtxErr
	}
	return false
}
