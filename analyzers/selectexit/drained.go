package selectexit

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/conclint/conclint/analyzers/internal/diag"
)

// untilNil looks at a case of a loop that goes on until its channels are nil, which they
// are set to when they are closed. This one nothing in the loop sets, so the receive from
// it, without a second value, is ready for ever once it is closed.
func (c *checker) untilNil(cm comm, at spot) bool {
	loop, ok := at.loop.(*ast.ForStmt)
	v := c.chans.variable(cm.recv.X)
	if !ok || loop.Cond == nil || v == nil || v.IsField() || !c.isNot(loop.Cond, v) {
		return false
	}
	name := short(types.ExprString(cm.recv.X))
	c.report.Report(diag.Finding{
		Pos: cm.clause.Pos(), End: cm.clause.Colon + 1, Category: closedSpin,
		Message: fmt.Sprintf("the loop goes on while %s is not nil, and nothing sets it: once it is closed, this receive spins; look at the second value, and set it", name),
		Related: c.related(loop.Cond, "the loop's condition"),
	})
	return true
}

// isNot reports whether v != nil is the condition, or one of several of which any will do.
func (c *checker) isNot(cond ast.Expr, v *types.Var) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return false
	}
	if b.Op == token.LOR {
		return c.isNot(b.X, v) || c.isNot(b.Y, v)
	}
	return b.Op == token.NEQ && c.TypesInfo.Types[b.Y].IsNil() && c.chans.variable(b.X) == v
}
