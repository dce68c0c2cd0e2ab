package contextmisuse

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// queued looks at a send of a struct that has the request's context in a field, by a
// handler that then only answers. Somewhere in the package the context in that field must
// be given to a call that gives up when it is done.
func (c *checker) queued(cur inspector.Cursor, s *ast.SendStmt) {
	fn, ok := source.Func(cur)
	if !ok || c.IsTest(s) {
		return
	}
	h, ok := c.handler(fn.Node())
	if !ok || !c.answersOnly(fn, s, h) {
		return
	}
	field, at := c.carries(s.Value, h)
	if field == nil {
		return
	}
	user := c.userOf(field)
	if user == nil {
		return
	}
	c.report.Report(diag.Finding{
		Pos: at.Pos(), End: at.End(), Category: outlivesRequest,
		Message: fmt.Sprintf("%s sends the request's context along, which is canceled when the handler returns: %s on %s gives up; use context.WithoutCancel",
			source.Short(s.Chan)+" <-", source.Short(user.Fun), c.Where(user, s)),
		Related: source.Related(s, "sent here"),
	})
}

// carries returns the field of the struct literal that is sent, directly or by a variable
// with no other value, which has the request's context.
func (c *checker) carries(e ast.Expr, h handler) (*types.Var, ast.Node) {
	if v := c.Var(e); source.Local(v) {
		var value ast.Expr
		for _, use := range c.Uses(v) {
			if s, ok := use.Parent().Node().(*ast.AssignStmt); ok && c.Assigns(s, v) {
				if value != nil || len(s.Lhs) != 1 {
					return nil, nil
				}
				value = s.Rhs[0]
			}
		}
		e = value
	}
	if e == nil {
		return nil, nil
	}
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = u.X
	}
	lit, ok := ast.Unparen(e).(*ast.CompositeLit)
	if !ok {
		return nil, nil
	}
	for _, elt := range lit.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok || !c.ofRequest(kv.Value, h, 0) {
			continue
		}
		if key, ok := kv.Key.(*ast.Ident); ok && c.Var(key) != nil && c.Var(key).IsField() {
			return c.Var(key), kv
		}
	}
	return nil, nil
}

// userOf returns a call that is given the context in the field and gives up with it.
func (c *checker) userOf(field *types.Var) *ast.CallExpr {
	for _, use := range c.Uses(field) {
		if call, ok := use.Parent().Parent().Node().(*ast.CallExpr); ok && call.Fun != use.Parent().Node() && c.Heeds(call) {
			return call
		}
	}
	return nil
}
