package timerleak

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

// afterFunc looks for a Stop whose result is dropped, after which the function
// waits for what the timer's function would have done: when Stop came in
// time, that never happens. The same is true of a function that is to run when a context
// is done.
func (c *checker) afterFunc(cur inspector.Cursor, call *ast.CallExpr) {
	v, _ := c.made(cur, call)
	fn, ok := source.Func(cur)
	if v == nil || !ok || len(call.Args) != 2 {
		return
	}
	event := "the timer fired"
	if c.Kind(call) == ops.CtxAfterFunc {
		event = source.Short(call.Args[0]) + " was done"
	}
	lit, ok := ast.Unparen(call.Args[1]).(*ast.FuncLit)
	g := c.Graph(fn.Node())
	if !ok || g == nil {
		return
	}
	for _, use := range c.Uses(v) {
		if in, _ := source.Func(use); in != fn {
			continue
		}
		stop, ok := c.dropped(use)
		if !ok {
			continue
		}
		for _, o := range c.promises(lit) {
			if c.elsewhere(o, lit) {
				continue
			}
			wait := c.From(g, stop, source.Search{
				Ends: func(n ast.Node) bool { return c.assigns(n, v.Name()) },
				Hit:  func(n ast.Node) bool { return c.waitsFor(n, o) },
			})
			if wait == nil {
				continue
			}
			c.report.Report(diag.Finding{
				Pos: stop.Pos(), End: stop.End(), Category: stopIgnored,
				Message: fmt.Sprintf("the wait for %s on line %d blocks forever if %s came before %s; look at its result",
					o.Name(), c.Line(wait), source.Short(stop), event),
				Related: source.Related(wait, "waits for the timer's function"),
			})
			return
		}
	}
}

// dropped returns the statement's call that the use is part of, which keeps the function
// from being run: of a timer's Stop, or of what context.AfterFunc has returned.
func (c *checker) dropped(use inspector.Cursor) (*ast.CallExpr, bool) {
	at := use
	if sel, ok := use.Parent().Node().(*ast.SelectorExpr); ok && sel.X == use.Node() {
		at = use.Parent()
	}
	call, ok := at.Parent().Node().(*ast.CallExpr)
	if !ok || call.Fun != at.Node() || at != use && c.Kind(call) != ops.TimerStop {
		return nil, false
	}
	_, ok = at.Parent().Parent().Node().(*ast.ExprStmt)
	return call, ok
}

// promises returns the WaitGroups and channels of the function around that the
// timer's function is done with, sends on, or closes.
func (c *checker) promises(lit *ast.FuncLit) []*types.Var {
	var vars []*types.Var
	note := func(e ast.Expr) {
		if v := c.Var(e); source.Local(v) && !(lit.Pos() <= v.Pos() && v.Pos() < lit.End()) {
			vars = append(vars, v)
		}
	}
	ast.Inspect(lit, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SendStmt:
			note(n.Chan)
		case *ast.CallExpr:
			if c.Builtin(n) == "close" && len(n.Args) == 1 {
				note(n.Args[0])
			}
			if c.Kind(n) == ops.WgDone && source.Receiver(n) != nil {
				note(source.Receiver(n))
			}
		}
		return true
	})
	return vars
}

// elsewhere reports whether somebody else may do the same to the object.
func (c *checker) elsewhere(v *types.Var, lit *ast.FuncLit) bool {
	for _, use := range c.Uses(v) {
		if source.Within(use.Node(), lit) || use.Node().Pos() == v.Pos() {
			continue
		}
		switch up := use.Parent().Node().(type) {
		case *ast.UnaryExpr:
			if up.Op != token.ARROW {
				return true
			}
		case *ast.SelectorExpr:
			call := use.Parent().Parent().Node()
			if k := c.Kind(call); k != ops.WgAdd && k != ops.WgWait {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// waitsFor reports whether the node waits for the object and for nothing else.
func (c *checker) waitsFor(n ast.Node, v *types.Var) bool {
	s, ok := n.(*ast.ExprStmt)
	if !ok {
		return false
	}
	if cur, ok := c.Root.FindNode(s); ok {
		if _, ok := cur.Parent().Node().(*ast.CommClause); ok {
			return false // something else may be ready
		}
	}
	switch x := ast.Unparen(s.X).(type) {
	case *ast.UnaryExpr:
		return x.Op == token.ARROW && c.Var(x.X) == v
	case *ast.CallExpr:
		return c.Kind(x) == ops.WgWait && source.Receiver(x) != nil && c.Var(source.Receiver(x)) == v
	}
	return false
}
