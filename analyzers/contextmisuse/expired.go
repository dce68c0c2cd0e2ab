package contextmisuse

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

// A context that is known to be done is given to a call that can fail. Tests
// do so on purpose and are left alone. The path is a may, but the context is
// done on it for certain, since only this variable's value is followed.

// done looks at what follows the receive from a context's Done channel.
func (c *checker) done(cur inspector.Cursor, recv *ast.UnaryExpr) {
	ctx := c.Var(source.Receiver(ast.Unparen(recv.X).(*ast.CallExpr)))
	if !source.Local(ctx) {
		return
	}
	c.late(cur, recv, ctx, fmt.Sprintf("%s is done since line %d", ctx.Name(), c.Line(recv)))
}

// canceled looks at what follows a call of the cancel function.
func (c *checker) canceled(cur inspector.Cursor, call *ast.CallExpr) {
	if _, ok := cur.Parent().Node().(*ast.ExprStmt); !ok {
		return
	}
	cancel := c.Var(call.Fun)
	list := c.derivations(cancel)
	if len(list) != 1 || !source.Local(list[0].ctx) {
		return
	}
	ctx := list[0].ctx
	c.late(cur, call, ctx, fmt.Sprintf("%s is canceled on line %d", ctx.Name(), c.Line(call)))
}

// late reports the first call behind the node that needs the context.
func (c *checker) late(cur inspector.Cursor, from ast.Node, ctx *types.Var, why string) {
	fn, ok := source.Func(cur)
	if !ok || c.IsTest(from) {
		return
	}
	g := c.Graph(fn.Node())
	if g == nil {
		return
	}
	var late *ast.CallExpr
	c.From(g, from, source.Search{
		OneTurn: true, // another one has its own way to see that it is done
		Ends:    func(n ast.Node) bool { return c.Assigns(n, ctx) },
		Closes: func(cond ast.Expr, value bool) bool {
			return c.notDone(cond, value, ctx) || c.noError(cond, value, ctx, from)
		},
		Ready: func(comm ast.Stmt) bool {
			return source.Any(comm, func(n ast.Node) bool { return c.asks(n, ctx, ops.CtxDone) })
		},
		Hit: func(n ast.Node) bool {
			if !source.Within(from, n) && !c.Assigns(n, ctx) {
				late = c.needs(n, ctx)
			}
			return late != nil
		},
	})
	if late == nil {
		return
	}
	c.report.Report(diag.Finding{
		Pos: late.Pos(), End: late.End(), Category: expiredContext,
		Message: fmt.Sprintf("%s gets a context that is done and gives up at once: %s; pass context.WithoutCancel(%s) with a timeout of its own",
			source.Short(late.Fun), why, ctx.Name()),
		Related: source.Related(from, ctx.Name()+" is done from here on"),
	})
}

// asks reports whether the node calls the context's Done or Err.
func (c *checker) asks(n ast.Node, ctx *types.Var, kind ops.Kind) bool {
	call, ok := n.(*ast.CallExpr)
	return ok && c.Kind(call) == kind && source.Receiver(call) != nil && c.Var(source.Receiver(call)) == ctx
}

// notDone reports whether the condition says that the context has no error.
func (c *checker) notDone(cond ast.Expr, value bool, ctx *types.Var) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || !c.Pass.TypesInfo.Types[b.Y].IsNil() || !c.asks(ast.Unparen(b.X), ctx, ops.CtxErr) {
		return false
	}
	return (b.Op == token.EQL) == value
}

// noError reports whether the condition says that a variable is nil which got the
// context's error after it was done.
func (c *checker) noError(cond ast.Expr, value bool, ctx *types.Var, from ast.Node) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || !c.Pass.TypesInfo.Types[b.Y].IsNil() || (b.Op == token.EQL) != value || c.Var(b.X) == nil {
		return false
	}
	for _, use := range c.Uses(c.Var(b.X)) {
		if s, ok := use.Parent().Node().(*ast.AssignStmt); ok && s.Pos() > from.Pos() && s.Pos() < cond.Pos() &&
			source.Any(s, func(n ast.Node) bool { return c.asks(n, ctx, ops.CtxErr) }) {
			return true
		}
	}
	return false
}

// deferred looks at a deferred function that uses a context variable which is
// later derived anew, with a deferred cancel: that one runs first.
func (c *checker) deferred(cur inspector.Cursor, s *ast.DeferStmt) {
	lit, ok := ast.Unparen(s.Call.Fun).(*ast.FuncLit)
	fn, ok2 := source.Func(cur)
	if !ok || !ok2 || c.IsTest(s) {
		return
	}
	g := c.Graph(fn.Node())
	if g == nil {
		return
	}
	for use := range fn.Preorder((*ast.CallExpr)(nil)) {
		d, ok := c.derived(use)
		if !ok || !source.Local(d.ctx) || !source.Local(d.cancel) || d.call.Pos() < s.End() || d.ctx.Pos() > s.Pos() {
			continue
		}
		if in, _ := source.Func(use); in != fn {
			continue
		}
		late := c.needs(lit.Body, d.ctx)
		if late == nil || c.Assigns(lit, d.ctx) {
			continue
		}
		reaches := c.From(g, s, source.Search{Hit: func(n ast.Node) bool { return source.Within(d.call, n) }})
		var cancels ast.Node
		if reaches != nil {
			cancels = c.From(g, d.call, source.Search{
				Ends: func(n ast.Node) bool { return c.Assigns(n, d.ctx) },
				Hit:  func(n ast.Node) bool { return c.defersCall(n, d.cancel) },
			})
		}
		if cancels == nil {
			continue
		}
		c.report.Report(diag.Finding{
			Pos: late.Pos(), End: late.End(), Category: expiredContext,
			Message: fmt.Sprintf("%s gets a context that is done: the defer of %s on line %d runs before this one; name the context of line %d otherwise",
				source.Short(late.Fun), d.cancel.Name(), c.Line(cancels), c.Line(d.call)),
			Related: source.Related(cancels, "this runs first"),
		})
		return
	}
}

// defersCall reports whether the statement defers a call of the function.
func (c *checker) defersCall(n ast.Node, cancel *types.Var) bool {
	s, ok := n.(*ast.DeferStmt)
	return ok && c.Var(s.Call.Fun) == cancel
}

// deferCancel looks at a deferred cancel in a loop without an end: the
// contexts pile up until the function returns.
func (c *checker) deferCancel(cur inspector.Cursor, s *ast.DeferStmt) {
	cancel := c.Var(s.Call.Fun)
	fn, ok := source.Func(cur)
	if !ok || !source.Local(cancel) || !ops.IsCancel(cancel.Type()) {
		return
	}
	around := endless(c, cur, fn)
	g := c.Graph(fn.Node())
	if around == nil || g == nil {
		return
	}
	for _, d := range c.derivations(cancel) {
		if in, _ := source.Func(d.cur); in != fn || !source.Within(d.call, around) {
			continue
		}
		again := c.From(g, s, source.Search{Hit: func(n ast.Node) bool { return source.Within(d.call, n) }})
		if again == nil || c.Around(g, around, func(n ast.Node) bool { return source.Within(d.call, n) }) {
			continue // not in each turn, so perhaps in one
		}
		c.report.Report(diag.Finding{
			Pos: s.Pos(), End: s.End(), Category: deferInLoop,
			Message: fmt.Sprintf("defer %s() runs when the function returns, not at the end of the turn: the contexts of all turns pile up; call it at the end of the turn",
				cancel.Name()),
			Related: source.Related(d.call, "a new context in each turn"),
		})
		return
	}
}

// endless returns the loop around the node that has no bound: one without a
// condition, or over a channel.
func endless(c *checker, cur, fn inspector.Cursor) ast.Stmt {
	for up := range cur.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		if in, _ := source.Func(up); in != fn {
			return nil
		}
		switch s := up.Node().(type) {
		case *ast.ForStmt:
			if s.Cond == nil {
				return s
			}
		case *ast.RangeStmt:
			if t := c.Pass.TypesInfo.TypeOf(s.X); t != nil {
				if _, ok := t.Underlying().(*types.Chan); ok {
					return s
				}
			}
		}
	}
	return nil
}
