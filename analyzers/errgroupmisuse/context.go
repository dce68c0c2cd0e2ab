package errgroupmisuse

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// withContext looks at the context that comes with a group: Wait cancels it.
// A use counts that gives it to a call which can fail, since that is one which
// heeds it, as far as can be told; looking at its error or a value, or logging
// with it, is in order.
func (c *checker) withContext(cur inspector.Cursor, call *ast.CallExpr) {
	s, ok := cur.Parent().Node().(*ast.AssignStmt)
	if !ok || len(s.Lhs) != 2 {
		return
	}
	g, ctx := c.Var(s.Lhs[0]), c.Var(s.Lhs[1])
	fn, ok := source.Func(cur)
	if !ok || !source.Local(g) || !source.Local(ctx) {
		return
	}
	if c.outer {
		c.parent(call, g, ctx)
	}
	graph := c.Graph(fn.Node())
	if graph == nil {
		return
	}
	for _, u := range c.Uses(g) {
		wait, ok := u.Parent().Parent().Node().(*ast.CallExpr)
		if in, _ := source.Func(u); !ok || in != fn || c.Kind(wait) != ops.GroupWait || c.Var(source.Receiver(wait)) != g {
			continue
		}
		switch u.Parent().Parent().Parent().Node().(type) {
		case *ast.DeferStmt, *ast.GoStmt:
			continue // not where it stands
		}
		var late *ast.CallExpr
		c.From(graph, wait, source.Search{
			Ends: func(n ast.Node) bool { return c.Assigns(n, ctx) },
			Hit: func(n ast.Node) bool {
				if !source.Within(wait, n) {
					late = c.after(n, ctx)
				}
				return late != nil
			},
		})
		if late == nil {
			continue
		}
		c.report.Report(diag.Finding{
			Pos: late.Pos(), End: late.End(), Category: contextAfterWait,
			Message: fmt.Sprintf("%s gets a context that is done: %s is canceled when %s returns (line %d); pass the context that it is derived from",
				source.Short(late.Fun), ctx.Name(), source.Short(wait), c.Line(wait)),
			Related: source.Related(call, ctx.Name()+" comes from here"),
		})
		return
	}
}

// after returns the call in a node behind Wait that needs the context. What sets the
// variable anew has read it before. Tests can give a context to something that
// does not mind.
func (c *checker) after(n ast.Node, ctx *types.Var) *ast.CallExpr {
	if call := c.Stillborn(n, ctx); call != nil {
		return call
	}
	needs := c.MayNeedContext
	if c.IsTest(n) || drops(n) {
		needs = c.NeedsContext
	}
	if !c.Assigns(n, ctx) {
		return needs(n, ctx)
	}
	if s, ok := n.(*ast.AssignStmt); ok {
		for _, rhs := range s.Rhs {
			if call := needs(rhs, ctx); call != nil {
				return call
			}
		}
	}
	return nil
}

// drops reports whether the statement does not even name what its call returns: then it may
// be for a value in the context only.
func drops(n ast.Node) bool {
	_, ok := n.(*ast.ExprStmt)
	return ok
}
