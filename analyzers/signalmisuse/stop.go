package signalmisuse

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

// stop looks for a return after which the channel still catches signals. Only
// this function has the channel, so that nobody reads it any more. Either it does stop
// it on another path, or it has waited for a signal and a timer, the timer came first, and
// it returns a result, no error, to a caller who goes on. Else it is taken to return when
// the process is to end, as after a signal was received, and in package main.
func (c *checker) stop(cur inspector.Cursor, call *ast.CallExpr, v *types.Var) {
	fn, ok := source.Func(cur)
	if !ok || c.Pass.Pkg.Name() == "main" || c.IsTest(call) || !source.Local(v) {
		return
	}
	g := c.Graph(fn.Node())
	if g == nil {
		return
	}
	stops := false
	for _, use := range c.Uses(v) {
		if _, ok := use.Parent().Node().(*ast.Field); ok {
			return
		}
		switch n := use.Parent().Node().(type) {
		case *ast.UnaryExpr, *ast.AssignStmt, *ast.ValueSpec, *ast.RangeStmt:
			if a, ok := n.(*ast.AssignStmt); ok && a.Lhs[0] != use.Node() {
				return
			}
		case *ast.CallExpr:
			switch c.Kind(n) {
			case ops.SignalStop:
				stops = true
				continue
			case ops.SignalNotify:
			default:
				return
			}
		default:
			return
		}
		if in, _ := source.Func(use); in != fn {
			return
		}
	}
	search := c.caught(v, stops)
	starts := []ast.Node{call}
	if !stops {
		if c.serves(v, fn) {
			return
		}
		search.Hit = func(n ast.Node) bool { return c.succeeds(n, fn) }
		starts = c.timeouts(v, fn)
	}
	var ret ast.Node
	for _, start := range starts {
		if ret == nil {
			ret = c.From(g, start, search)
		}
	}
	if ret == nil {
		return
	}
	c.report.Report(diag.Finding{
		Pos: call.Pos(), End: call.End(), Category: notStopped,
		Message: fmt.Sprintf("%s still catches signals after the return on line %d, where nobody receives them: they no longer end the process; defer signal.Stop(%s)",
			v.Name(), c.Line(ret), v.Name()),
	})
}

// caught is a search for a path on which no signal is received and the channel stays as it
// is; in a function that never stops it, no other channel may say that it is to end.
func (c *checker) caught(v *types.Var, stops bool) source.Search {
	return source.Search{
		Ends: func(n ast.Node) bool {
			return source.Any(n, func(n ast.Node) bool {
				switch x := n.(type) {
				case *ast.CallExpr:
					fn := c.Callee(x)
					return c.Kind(x) == ops.SignalStop && c.Var(x.Args[0]) == v || fn != nil && fn.FullName() == "os/signal.Reset"
				case *ast.UnaryExpr:
					return x.Op == token.ARROW && (c.Var(x.X) == v || !stops && !c.oneShot(x.X))
				case *ast.RangeStmt:
					return !stops && c.channel(x.X)
				}
				return false
			})
		},
		Endless: func(r *ast.RangeStmt) bool { return c.Var(r.X) == v },
	}
}

// channel reports whether the expression is a channel.
func (c *checker) channel(e ast.Expr) bool {
	t := c.Pass.TypesInfo.TypeOf(e)
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// timeouts returns the receives from timers beside those from the channel.
func (c *checker) timeouts(v *types.Var, fn inspector.Cursor) (list []ast.Node) {
	for cur := range fn.Preorder((*ast.SelectStmt)(nil)) {
		var timers []ast.Node
		signal := false
		for _, s := range cur.Node().(*ast.SelectStmt).Body.List {
			comm := s.(*ast.CommClause).Comm
			if comm == nil {
				continue
			}
			source.Any(comm, func(n ast.Node) bool {
				if u, ok := n.(*ast.UnaryExpr); ok && u.Op == token.ARROW {
					signal = signal || c.Var(u.X) == v
					if c.oneShot(u.X) {
						timers = append(timers, comm)
					}
				}
				return false
			})
		}
		if in, _ := source.Func(cur); signal && in == fn {
			list = append(list, timers...)
		}
	}
	return list
}

// oneShot reports whether the channel is that of a timer: what it says is that time has
// passed, and not that something is to end.
func (c *checker) oneShot(e ast.Expr) bool {
	if c.Kind(e) == ops.After {
		return true
	}
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	t := c.Pass.TypesInfo.TypeOf(sel.X)
	return t != nil && ops.IsTimer(t)
}

// serves reports whether signals are received in a loop, which is most often that of
// the whole process.
func (c *checker) serves(v *types.Var, fn inspector.Cursor) bool {
	for _, use := range c.Uses(v) {
		for up := range use.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
			if fn.Contains(up) {
				return true
			}
		}
	}
	return false
}

// succeeds reports whether the node is a return of results, with no error among them.
func (c *checker) succeeds(n ast.Node, fn inspector.Cursor) bool {
	ret, ok := n.(*ast.ReturnStmt)
	if !ok || len(ret.Results) == 0 {
		return false
	}
	_, typ := source.Body(fn.Node())
	if typ.Results.NumFields() != len(ret.Results) {
		return false
	}
	last := ret.Results[len(ret.Results)-1]
	list := typ.Results.List
	if !source.IsError(c.Pass.TypesInfo.TypeOf(list[len(list)-1].Type)) {
		return true
	}
	return c.Pass.TypesInfo.Types[last].IsNil()
}

// notifyContext looks at a NotifyContext whose stop function is thrown away.
func (c *checker) notifyContext(cur inspector.Cursor, call *ast.CallExpr) {
	s, ok := cur.Parent().Node().(*ast.AssignStmt)
	if !ok || len(s.Lhs) != 2 || c.Pass.Pkg.Name() == "main" || c.IsTest(call) {
		return
	}
	if id, ok := s.Lhs[1].(*ast.Ident); ok && id.Name == "_" {
		c.report.Report(diag.Finding{
			Pos: id.Pos(), End: id.End(), Category: stopDiscarded,
			Message: "the stop function of NotifyContext is discarded: signals are caught for ever and a second one does not end the process; keep and defer it",
		})
	}
}
