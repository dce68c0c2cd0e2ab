package errgroupmisuse

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// parent looks for a function of the group that works with the context which the
// group's is derived from, and has nothing of the group's, while another function of
// the same group works with that: so its author wanted them to end together. One that
// takes what others send ends with them, and another context may be derived from the
// group's.
func (c *checker) parent(call *ast.CallExpr, g, ctx *types.Var) {
	if len(call.Args) == 0 || c.IsTest(call) {
		return
	}
	outer := c.Var(call.Args[0])
	if !source.Local(outer) || outer == ctx || c.of[g] == nil {
		return
	}
	var with *ast.FuncLit
	var without *ast.CallExpr
	for _, u := range c.of[g].uses {
		if u.kind != ops.GroupGo && u.kind != ops.GroupTryGo {
			continue
		}
		lit, ok := ast.Unparen(u.call.Args[0]).(*ast.FuncLit)
		if !ok {
			continue
		}
		if c.names(lit, ctx) {
			if c.MayNeedContext(lit.Body, ctx) != nil {
				with = lit
			}
		} else if late := c.MayNeedContext(lit.Body, outer); late != nil && without == nil && !c.otherwiseEnds(lit, outer) {
			without = late
		}
	}
	if with == nil || without == nil {
		return
	}
	c.report.Report(diag.Finding{
		Pos: without.Pos(), End: without.End(), Category: otherContext,
		Message: fmt.Sprintf("%s gets %s: it goes on, and %s.Wait waits for it, when another function of %s has failed; pass %s as the function on line %d does",
			source.Short(without.Fun), outer.Name(), g.Name(), g.Name(), ctx.Name(), c.Line(with)),
		Related: source.Related(call, ctx.Name()+" comes from here"),
	})
}

// otherwiseEnds reports whether the function receives from a channel, or has a context from
// outside that is not the parent.
func (c *checker) otherwiseEnds(lit *ast.FuncLit, parent *types.Var) bool {
	return source.Any(lit.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.UnaryExpr:
			return n.Op == token.ARROW
		case *ast.RangeStmt:
			_, ok := c.Pass.TypesInfo.TypeOf(n.X).Underlying().(*types.Chan)
			return ok
		case *ast.Ident:
			v := c.Var(n)
			return v != nil && v != parent && ops.IsContext(v.Type()) && (v.Pos() < lit.Pos() || v.Pos() >= lit.End())
		}
		return false
	})
}

// names reports whether the node uses the variable.
func (c *checker) names(n ast.Node, v *types.Var) bool {
	return source.Any(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		return ok && c.Var(id) == v
	})
}
