package selectexit

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/constant"
	"go/format"
	"go/token"
	"go/types"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// twice looks for two cases that receive from the same channel, or send the same
// value on it. must: both are ready or neither is, since a select evaluates the
// operands of all cases once, before it waits. With equal bodies it makes no
// difference which of them runs, and two such cases give one of several channels
// more weight.
func (c *checker) twice(comms []comm) {
	for i, cm := range comms {
		for _, first := range comms[:i] {
			if !c.equal(first, cm) || c.text(first) == c.text(cm) {
				continue
			}
			text := ""
			if cm.recv != nil {
				text = "receive from " + short(types.ExprString(cm.recv.X))
			} else {
				send := cm.clause.Comm.(*ast.SendStmt)
				text = fmt.Sprintf("send of %s on %s", short(types.ExprString(send.Value)), short(types.ExprString(send.Chan)))
			}
			c.report.Report(diag.Finding{
				Pos: cm.clause.Comm.Pos(), End: cm.clause.Comm.End(), Category: sameCase,
				Message: fmt.Sprintf("%s is a case on line %d too, and chance decides which of the two runs; make them one, or name the other channel",
					text, c.report.Position(first.clause.Pos()).Line),
				Related: c.related(label{first.clause}, "the same case"),
			})
			break
		}
	}
}

// equal reports whether the two cases wait for the same thing.
func (c *checker) equal(a, b comm) bool {
	if a.recv != nil || b.recv != nil {
		return a.recv != nil && b.recv != nil && c.same(a.recv.X, b.recv.X)
	}
	x, y := a.clause.Comm.(*ast.SendStmt), b.clause.Comm.(*ast.SendStmt)
	return c.same(x.Chan, y.Chan) && c.sameValue(x.Value, y.Value)
}

// same reports whether two expressions, evaluated one after the other with
// nothing in between, yield the same channel.
func (c *checker) same(a, b ast.Expr) bool {
	a, b = ast.Unparen(a), ast.Unparen(b)
	switch a := a.(type) {
	case *ast.Ident:
		b, ok := b.(*ast.Ident)
		if !ok {
			return false
		}
		v, ok := c.TypesInfo.Uses[a].(*types.Var)
		return ok && c.TypesInfo.Uses[b] == v
	case *ast.SelectorExpr:
		b, ok := b.(*ast.SelectorExpr)
		if !ok || c.TypesInfo.Uses[a.Sel] != c.TypesInfo.Uses[b.Sel] {
			return false
		}
		if _, ok := c.TypesInfo.Uses[a.Sel].(*types.Var); !ok {
			return false
		}
		return c.TypesInfo.Selections[a] == nil || c.same(a.X, b.X) // nil: the variable of a package
	case *ast.StarExpr:
		b, ok := b.(*ast.StarExpr)
		return ok && c.same(a.X, b.X)
	case *ast.IndexExpr:
		b, ok := b.(*ast.IndexExpr)
		return ok && c.same(a.X, b.X) && c.sameValue(a.Index, b.Index)
	case *ast.CallExpr:
		b, ok := b.(*ast.CallExpr)
		if !ok || c.kind(a) != ops.CtxDone || c.kind(b) != ops.CtxDone {
			return false
		}
		x, ok := ast.Unparen(a.Fun).(*ast.SelectorExpr)
		y, ok2 := ast.Unparen(b.Fun).(*ast.SelectorExpr)
		return ok && ok2 && c.same(x.X, y.X)
	}
	return false
}

// sameValue reports whether two values are equal for certain: constants, the same
// variable, or values of a type that has but one.
func (c *checker) sameValue(a, b ast.Expr) bool {
	x, y := c.TypesInfo.Types[a], c.TypesInfo.Types[b]
	switch {
	case x.Value != nil && y.Value != nil:
		return types.Identical(x.Type, y.Type) && constant.Compare(x.Value, token.EQL, y.Value)
	case x.IsNil() && y.IsNil():
		return true
	}
	if s, ok := x.Type.Underlying().(*types.Struct); ok && s.NumFields() == 0 && types.Identical(x.Type, y.Type) {
		_, ok := ast.Unparen(a).(*ast.CompositeLit)
		_, ok2 := ast.Unparen(b).(*ast.CompositeLit)
		return ok && ok2
	}
	return c.same(a, b)
}

// text returns what a case does, as it is formatted.
func (c *checker) text(cm comm) string {
	var out bytes.Buffer
	if s, ok := cm.clause.Comm.(*ast.AssignStmt); ok {
		for _, lhs := range s.Lhs {
			out.WriteString(types.ExprString(lhs) + s.Tok.String())
		}
	}
	if err := format.Node(&out, c.Fset, cm.clause.Body); err != nil {
		return fmt.Sprint(cm.clause.Pos()) // of no other case
	}
	return out.String()
}
