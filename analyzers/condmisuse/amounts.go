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
	"github.com/conclint/conclint/analyzers/internal/skeleton"
)

// amounts reports a Signal where all wait at one Wait, but each for a number of its own: units
// of a quota, a ticket. The one that Signal wakes need not be the one that can go on; it waits
// again, and the wakeup is lost. A waiter that passes the wakeup on, and a package that has a
// Broadcast too, are left alone.
func (c *checker) amounts(cd *cond) {
	if len(cd.waits) != 1 {
		return
	}
	w := cd.waits[0]
	own := c.ownNumber(w)
	if own == nil {
		return
	}
	var signal *site
	for _, s := range cd.signals {
		if s.op == ops.CondBroadcast || s.call.Parent() == w.call.Parent() || c.calls(w.call.Parent(), s.call.Parent()) {
			return
		}
		if signal == nil {
			signal = s
		}
	}
	if signal == nil {
		return
	}
	c.report.Report(diag.Finding{
		Pos: signal.node.Pos(), End: signal.node.End(), Category: signalKinds,
		Message: fmt.Sprintf("%s.Signal wakes one of those in Wait on %s, each of which has its own %s: if that one cannot go on, the others sleep on; use Broadcast",
			short(signal.ref.String()), c.place(signal.node, w.node), own.Name()),
		Related: []analysis.RelatedInformation{{Pos: w.node.Pos(), End: w.node.End(), Message: "each waits for another number"}},
	})
}

// calls reports whether the one function calls the other directly.
func (c *checker) calls(fn, other *ssa.Function) bool {
	for _, site := range c.pkg.Sites(other) {
		if skeleton.Outermost(site.Parent()) == skeleton.Outermost(fn) {
			return true
		}
	}
	return false
}

// ownNumber returns the number that the loop around a Wait compares with a field, if each call of
// the function, which other packages call too, has its own: a parameter, or a variable that is
// set before the loop.
func (c *checker) ownNumber(w *wait) *types.Var {
	fn := w.call.Parent()
	obj, ok := fn.Object().(*types.Func)
	if !ok || !obj.Exported() {
		return nil
	}
	looks := conditions(w)
	if len(looks) != 1 {
		return nil
	}
	cmp, ok := ast.Unparen(looks[0].Expr).(*ast.BinaryExpr)
	if !ok {
		return nil
	}
	switch cmp.Op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ, token.EQL, token.NEQ:
	default:
		return nil
	}
	x, y := ast.Unparen(cmp.X), ast.Unparen(cmp.Y)
	if _, ok := x.(*ast.Ident); ok {
		x, y = y, x
	}
	id, ok := y.(*ast.Ident)
	if sel, field := x.(*ast.SelectorExpr); !ok || !field || c.TypesInfo.Selections[sel] == nil {
		return nil
	}
	v, ok := c.TypesInfo.Uses[id].(*types.Var)
	if !ok || v.IsField() || v.Parent() == nil || v.Parent() == c.Pass.Pkg.Scope() {
		return nil
	}
	if b, ok := v.Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsNumeric == 0 {
		return nil
	}
	for p := range obj.Signature().Params().Variables() {
		if p == v {
			return v
		}
	}
	if c.takenFromField(w, v) {
		return v
	}
	return nil
}

// takenFromField reports whether the variable is a number drawn from a field, as a ticket is: the
// field is counted up next to that.
func (c *checker) takenFromField(w *wait, v *types.Var) bool {
	var from ast.Expr
	counted := false
	ast.Inspect(w.stack[0], func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if len(n.Lhs) == 1 && len(n.Rhs) == 1 && n.Tok == token.DEFINE {
				if id, ok := n.Lhs[0].(*ast.Ident); ok && c.TypesInfo.Defs[id] == v {
					from = n.Rhs[0]
				}
			}
		case *ast.IncDecStmt:
			if from != nil && types.ExprString(n.X) == types.ExprString(from) {
				_, counted = ast.Unparen(n.X).(*ast.SelectorExpr)
			}
		}
		return !counted
	})
	return counted
}
