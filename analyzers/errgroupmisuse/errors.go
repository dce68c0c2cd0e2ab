package errgroupmisuse

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

// shadowed looks for functions of the group that return an error variable
// which is never assigned, because all assignments go to another one of the
// same name; and for the same around Wait.
func (c *checker) shadowed(g *group) {
	for _, u := range g.uses {
		switch u.kind {
		case ops.GroupGo, ops.GroupTryGo:
			if lit, ok := ast.Unparen(u.call.Args[0]).(*ast.FuncLit); ok {
				cur, ok := u.cur.FindNode(lit)
				if ok && !c.returnsUnset(cur, lit, nil, g.v.Name()+".Wait never sees it") {
					c.droppedIn(cur, g.v.Name()+".Wait never sees it")
				}
			}
		case ops.GroupWait:
			if fn, ok := source.Func(u.cur); ok {
				if s, ok := u.cur.Parent().Node().(*ast.AssignStmt); ok && s.Tok == token.DEFINE && len(s.Lhs) == 1 {
					id, ok := s.Lhs[0].(*ast.Ident)
					if !c.returnsUnset(fn, fn.Node(), s.Lhs[0], "the caller never sees it") && ok {
						c.dropped(fn, id, "the caller never sees it")
					}
				}
			}
		}
	}
}

// returnsUnset looks at the returns of a function. When inner is not nil, only
// the variable that this one shadows counts. It reports whether there is a finding.
func (c *checker) returnsUnset(cur inspector.Cursor, fn ast.Node, inner ast.Expr, consequence string) bool {
	for r := range cur.Preorder((*ast.ReturnStmt)(nil)) {
		ret := r.Node().(*ast.ReturnStmt)
		if in, _ := source.Func(r); in != cur || len(ret.Results) == 0 {
			continue
		}
		v := c.Var(ret.Results[len(ret.Results)-1])
		if !source.Local(v) || !source.IsError(v.Type()) || v.Pos() < fn.Pos() || v.Pos() >= fn.End() || !c.neverSet(v) {
			continue
		}
		def := c.shadow(cur, v, inner)
		if def == nil || def.Pos() > ret.Pos() {
			continue
		}
		c.report.Report(diag.Finding{
			Pos: def.Pos(), End: def.End(), Category: shadowedError,
			Message: fmt.Sprintf("%s := shadows the %s of line %d, which is returned on line %d and always nil: %s; assign with =",
				v.Name(), v.Name(), c.report.Position(v.Pos()).Line, c.Line(ret), consequence),
			Related: source.Related(ret, "this is always nil"),
		})
		return true
	}
	return false
}

// neverSet reports whether the variable is declared without a value and never
// given one.
func (c *checker) neverSet(v *types.Var) bool {
	declared := false
	for _, use := range c.Uses(v) {
		switch up := use.Parent().Node().(type) {
		case *ast.ValueSpec:
			if len(up.Values) > 0 {
				return false
			}
			declared = true
		case *ast.AssignStmt:
			for _, lhs := range up.Lhs {
				if lhs == use.Node() {
					return false
				}
			}
		case *ast.UnaryExpr, *ast.RangeStmt, *ast.Field:
			return false
		}
	}
	return declared
}

// shadow returns where a variable of the same name and type is declared within
// the scope of v in the function.
func (c *checker) shadow(cur inspector.Cursor, v *types.Var, only ast.Expr) ast.Node {
	for id := range cur.Preorder((*ast.Ident)(nil)) {
		n := id.Node().(*ast.Ident)
		if n.Name != v.Name() || n.Pos() <= v.Pos() || only != nil && n != only {
			continue
		}
		def, ok := c.Pass.TypesInfo.Defs[n].(*types.Var)
		if !ok || !source.IsError(def.Type()) || def == v {
			continue
		}
		if in, _ := source.Func(id); in != cur {
			continue
		}
		if s, ok := id.Parent().Node().(*ast.AssignStmt); ok && s.Tok == token.DEFINE && v.Parent().Contains(n.Pos()) && !c.used(def) {
			return n
		}
	}
	return nil
}

// used reports whether the inner variable leaves the function by a return.
func (c *checker) used(v *types.Var) bool {
	for _, use := range c.Uses(v) {
		for range use.Enclosing((*ast.ReturnStmt)(nil)) {
			return true
		}
	}
	return false
}
