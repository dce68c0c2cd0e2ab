package errgroupmisuse

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// dropped looks at a variable for an error that is declared where one of the same name
// is in scope, and given an error that nothing reads any more, before the outer one
// is returned: the assignment was meant for that.
func (c *checker) dropped(fn inspector.Cursor, def *ast.Ident, consequence string) bool {
	inner, ok := c.Pass.TypesInfo.Defs[def].(*types.Var)
	if !ok || !source.IsError(inner.Type()) || inner.Parent() == nil { // _ has no scope
		return false
	}
	_, obj := inner.Parent().Parent().LookupParent(def.Name, def.Pos())
	outer, ok := obj.(*types.Var)
	body, typ := source.Body(fn.Node())
	g := c.Graph(fn.Node())
	if !ok || g == nil || !source.Local(outer) || !source.IsError(outer.Type()) || outer.Pos() < typ.Pos() || outer.Pos() >= body.End() || c.shared(inner, fn) {
		return false
	}
	for _, use := range c.Uses(inner) {
		s, ok := use.Parent().Node().(*ast.AssignStmt)
		if !ok || s.Tok != token.ASSIGN || len(s.Lhs) != 1 || s.Lhs[0] != use.Node() {
			continue
		}
		if c.Pass.TypesInfo.Types[s.Rhs[0]].IsNil() || c.From(g, s, source.Search{
			Ends: func(n ast.Node) bool { return c.Assigns(n, inner) && !c.reads(n, inner) },
			Hit:  func(n ast.Node) bool { return c.reads(n, inner) },
		}) != nil {
			continue
		}
		ret := c.From(g, s, source.Search{
			Ends: func(n ast.Node) bool { return c.Assigns(n, outer) },
			Hit:  func(n ast.Node) bool { return c.returns(n, outer, typ) },
		})
		if ret == nil {
			continue
		}
		c.report.Report(diag.Finding{
			Pos: def.Pos(), End: def.End(), Category: shadowedError,
			Message: fmt.Sprintf("%s := shadows the %s of line %d, which line %d returns; what line %d sets is never read, %s; assign with =",
				def.Name, def.Name, c.report.Position(outer.Pos()).Line, c.Line(ret), c.Line(s), consequence),
			Related: source.Related(s, "this is lost"),
		})
		return true
	}
	return false
}

// droppedIn looks at all variables that the function declares.
func (c *checker) droppedIn(fn inspector.Cursor, consequence string) {
	for cur := range fn.Preorder((*ast.AssignStmt)(nil)) {
		s := cur.Node().(*ast.AssignStmt)
		if in, _ := source.Func(cur); in != fn || s.Tok != token.DEFINE {
			continue
		}
		for _, lhs := range s.Lhs {
			if id, ok := lhs.(*ast.Ident); ok && c.dropped(fn, id, consequence) {
				return
			}
		}
	}
}

// reads reports whether the node uses the variable other than by setting it.
func (c *checker) reads(n ast.Node, v *types.Var) bool {
	set := make(map[ast.Node]bool)
	return source.Any(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok == token.ASSIGN || n.Tok == token.DEFINE {
				for _, lhs := range n.Lhs {
					set[ast.Unparen(lhs)] = true
				}
			}
		case *ast.Ident:
			return !set[n] && c.Var(n) == v
		}
		return false
	})
}

// shared reports whether a function literal or a pointer has the variable, so that it can
// be read out of order.
func (c *checker) shared(v *types.Var, fn inspector.Cursor) bool {
	for _, use := range c.Uses(v) {
		if in, _ := source.Func(use); in != fn {
			return true
		}
		if u, ok := use.Parent().Node().(*ast.UnaryExpr); ok && u.Op == token.AND {
			return true
		}
	}
	return false
}

// returns reports whether the node returns the variable as the last result, by name
// or as a named one.
func (c *checker) returns(n ast.Node, v *types.Var, typ *ast.FuncType) bool {
	ret, ok := n.(*ast.ReturnStmt)
	if !ok {
		return false
	}
	if len(ret.Results) > 0 {
		return c.Var(ret.Results[len(ret.Results)-1]) == v
	}
	return typ.Results != nil && typ.Results.Pos() <= v.Pos() && v.Pos() < typ.Results.End()
}
