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
// heeds it; looking at its error or a value, or logging with it, is in order.
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
	graph := c.Graph(fn.Node())
	if graph == nil {
		return
	}
	for _, u := range c.Uses(g) {
		wait, ok := u.Parent().Parent().Node().(*ast.CallExpr)
		if in, _ := source.Func(u); !ok || in != fn || c.Kind(wait) != ops.GroupWait || c.Var(source.Receiver(wait)) != g {
			continue
		}
		var late *ast.CallExpr
		c.From(graph, wait, source.Search{
			Ends: func(n ast.Node) bool { return c.Assigns(n, ctx) },
			Hit: func(n ast.Node) bool {
				if !source.Within(wait, n) && !c.Assigns(n, ctx) {
					late = c.needs(n, ctx)
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

// needs returns a call in the node that is given the context and can fail.
func (c *checker) needs(n ast.Node, ctx *types.Var) *ast.CallExpr {
	var found *ast.CallExpr
	ast.Inspect(n, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || found != nil {
			return found == nil
		}
		given := false
		for _, arg := range call.Args {
			if source.IsError(c.Pass.TypesInfo.TypeOf(arg)) {
				return true // it words an error
			}
			given = given || c.Var(arg) == ctx
		}
		if !given {
			return true
		}
		switch c.Kind(call) {
		case ops.CtxWithCancel, ops.CtxWithTimeout:
			found = call
		case ops.CtxErr, ops.CtxDetach, ops.CtxWithValue, ops.CtxDone:
		default:
			if sig, ok := c.Pass.TypesInfo.TypeOf(call.Fun).(*types.Signature); ok && sig.Results().Len() > 0 &&
				source.IsError(sig.Results().At(sig.Results().Len()-1).Type()) {
				found = call
			}
		}
		return found == nil
	})
	return found
}
