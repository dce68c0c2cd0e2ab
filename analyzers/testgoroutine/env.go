package testgoroutine

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// environment reports a test that is parallel and changes what all tests share, itself
// or by a helper of the package that always does.
func (c *checker) environment(t *types.Var, body *ast.BlockStmt) {
	var own, env, inner *ast.CallExpr
	for _, call := range plain(body) {
		if at := c.does(call, t, ops.TestParallel, 0); at != nil && own == nil {
			own = call
		}
		if at := c.does(call, t, ops.TestSetenv, 0); at != nil && env == nil {
			env, inner = call, at
		}
	}
	if own == nil || env == nil || own == env {
		return
	}
	first, second := own, env
	if second.Pos() < first.Pos() {
		first, second = second, first
	}
	f := diag.Finding{
		Pos: second.Pos(), End: second.End(), Category: setenvParallel,
		Message: fmt.Sprintf("%s panics after %s on line %d: a parallel test must not change what all tests share",
			source.Short(second.Fun), source.Short(first.Fun), c.Line(first)),
		Related: source.Related(first, "called here"),
	}
	if inner != env {
		f.Related = append(f.Related, analysis.RelatedInformation{Pos: inner.Pos(), End: inner.End(), Message: "what changes it"})
	}
	c.report.Report(f)
}

// does returns the call by which a call does the operation for the test whenever it
// returns: itself, or in a helper of the package.
func (c *checker) does(call *ast.CallExpr, t *types.Var, kind ops.Kind, depth int) *ast.CallExpr {
	if recv := source.Receiver(call); recv != nil && c.Kind(call) == kind && c.Var(recv) == t {
		return call
	}
	fn := c.Callee(call)
	decl, ok := c.Decl(fn)
	if !ok || depth > 3 {
		return nil
	}
	body := decl.Node().(*ast.FuncDecl).Body
	params := fn.Origin().Signature().Params()
	for i, arg := range call.Args {
		if body == nil || i >= params.Len() || c.Var(arg) != t {
			continue
		}
		for _, inner := range plain(body) {
			if at := c.does(inner, params.At(i), kind, depth+1); at != nil {
				return at
			}
		}
	}
	return nil
}

// plain returns the calls that a function makes in statements of its own block, up to
// where it may return.
func plain(body *ast.BlockStmt) (calls []*ast.CallExpr) {
	for _, s := range body.List {
		var e ast.Expr
		switch s := s.(type) {
		case *ast.ExprStmt:
			e = s.X
		case *ast.AssignStmt:
			if len(s.Rhs) == 1 {
				e = s.Rhs[0]
			}
		case *ast.ReturnStmt:
			if len(s.Results) == 1 {
				e = s.Results[0]
			}
		}
		if call, ok := e.(*ast.CallExpr); ok {
			calls = append(calls, call)
		}
		if mayReturn(s) {
			break
		}
	}
	return calls
}

// mayReturn reports whether the statement can leave the function.
func mayReturn(s ast.Stmt) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			found = found || n.Label != nil
		}
		return !found
	})
	return found
}
