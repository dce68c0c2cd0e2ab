package timerleak

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/cfg"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// A timer that is left behind is a matter of size only, so short ones pass.
const long = 10 * time.Second

// after looks at time.After as a case of a select in a loop: when another case
// is taken, the timer stays until it fires. Of a duration that is not known to be
// long, the other case has to take a value: one timer is left behind for each.
func (c *checker) after(cur inspector.Cursor, call *ast.CallExpr) {
	if !c.report.Before(call.Pos(), collected) || c.IsTest(call) || len(call.Args) != 1 {
		return
	}
	known := c.constant(call.Args[0])
	if known != nil && *known < long {
		return
	}
	var clause *ast.CommClause
	for up := range cur.Enclosing((*ast.CommClause)(nil), (*ast.BlockStmt)(nil)) {
		clause, _ = up.Node().(*ast.CommClause)
		break
	}
	if clause == nil || clause.Comm == nil || !source.Within(call, clause.Comm) {
		return
	}
	around := loop(cur)
	fn, ok := source.Func(cur)
	if !ok || around == nil {
		return
	}
	g := c.Graph(fn.Node())
	if g == nil {
		return
	}
	sel := cur
	for up := range cur.Enclosing((*ast.SelectStmt)(nil)) {
		sel = up
		break
	}
	s, ok := sel.Node().(*ast.SelectStmt)
	if !ok || known == nil && !c.given(call.Args[0], around) {
		return
	}
	for _, other := range s.Body.List {
		other := other.(*ast.CommClause)
		if other == clause || other.Comm == nil || known == nil && !c.takes(other) || !c.again(g, other, clause) {
			continue
		}
		c.report.Report(diag.Finding{
			Pos: call.Pos(), End: call.End(), Category: newEachTurn,
			Message: fmt.Sprintf("%s makes a new timer in each turn of the loop: before %s each is kept until it fires; use one time.Timer and Reset it", source.Short(call), collected),
			Related: []analysis.RelatedInformation{{Pos: other.Pos(), End: other.Colon + 1, Message: "this case leaves the timer behind"}},
		})
		return
	}
}

// again reports whether the select is reached again from one of its cases.
func (c *checker) again(g *cfg.CFG, from, to *ast.CommClause) bool {
	return c.From(g, from.Comm, source.Search{Hit: func(n ast.Node) bool { return n == ast.Node(to.Comm) }}) != nil
}

// constant returns the duration when it is a constant.
func (c *checker) constant(e ast.Expr) *time.Duration {
	v := c.Pass.TypesInfo.Types[e].Value
	if v == nil || v.Kind() != constant.Int {
		return nil
	}
	n, exact := constant.Int64Val(v)
	if !exact {
		return nil
	}
	d := time.Duration(n)
	return &d
}

// takes reports whether the case receives a value and does something with it.
func (c *checker) takes(clause *ast.CommClause) bool {
	s, ok := clause.Comm.(*ast.AssignStmt)
	if !ok {
		return false
	}
	v := c.Var(s.Lhs[0])
	if v == nil {
		return false
	}
	for _, use := range c.Uses(v) {
		if source.Within(use.Node(), clause) && !source.Within(use.Node(), s) {
			return true
		}
	}
	return false
}

// given reports whether the duration is one that the loop is given: a field, parameter
// or package variable that the loop does not set, and that the package does not set to
// short ones.
func (c *checker) given(e ast.Expr, around ast.Stmt) bool {
	v := c.Var(e)
	if v == nil {
		return false
	}
	isParam, short := false, false
	set := func(at ast.Node, value ast.Expr) {
		if d := c.constant(value); source.Within(at, around) || d != nil && *d < long {
			short = true
		}
	}
	for _, use := range c.Uses(v) {
		e := use
		if sel, ok := e.Parent().Node().(*ast.SelectorExpr); ok && sel.Sel == e.Node() {
			e = e.Parent()
		}
		switch n := e.Parent().Node().(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if lhs == e.Node() {
					set(n, n.Rhs[min(i, len(n.Rhs)-1)])
				}
			}
		case *ast.ValueSpec:
			for _, value := range n.Values {
				set(n, value)
			}
		case *ast.KeyValueExpr:
			if n.Key == e.Node() {
				set(n, n.Value)
			}
		case *ast.UnaryExpr:
			short = short || n.Op == token.AND // a flag, say, with its default
		case *ast.Field:
			isParam = isParam || !v.IsField()
			c.arguments(use, v, func(arg ast.Expr) { set(arg, arg) })
		}
	}
	return !short && (isParam || !source.Local(v))
}

// arguments calls set with what calls in the package pass for a parameter.
func (c *checker) arguments(def inspector.Cursor, v *types.Var, set func(ast.Expr)) {
	fn, ok := source.Func(def)
	if !ok {
		return
	}
	decl, ok := fn.Node().(*ast.FuncDecl)
	if !ok {
		return
	}
	obj, _ := c.Pass.TypesInfo.Defs[decl.Name].(*types.Func)
	if obj == nil {
		return
	}
	params := obj.Signature().Params()
	for cur := range c.Root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		if f := c.Callee(call); f == nil || f.Origin() != obj {
			continue
		}
		for i := range params.Len() {
			if params.At(i) == v && i < len(call.Args) {
				set(call.Args[i])
			}
		}
	}
}
