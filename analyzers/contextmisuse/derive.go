package contextmisuse

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// A context variable is replaced by one that is derived from it, and that one is
// canceled; where the variable is derived from again, in the next turn of a loop
// mostly, it holds a context that is done. The path is a may, but the context is
// done on it for certain: nothing gives the variable another one.

// again looks at a derivation of a context variable from itself.
func (c *checker) again(cur inspector.Cursor, call *ast.CallExpr) {
	d, ok := c.derived(cur)
	if !ok || len(call.Args) == 0 || c.Var(call.Args[0]) != d.ctx || !source.Local(d.ctx) || c.IsTest(call) {
		return
	}
	fn, ok := source.Func(cur)
	if !ok {
		return
	}
	g := c.Graph(fn.Node())
	if g == nil {
		return
	}
	before := func(n ast.Node) bool { return source.Within(d.call, n) }
	for _, first := range c.setting(d.ctx) {
		if in, _ := source.Func(first.cur); in != fn || !source.Local(first.cancel) {
			continue
		}
		for _, use := range c.Uses(first.cancel) {
			cancel, ok := c.callOf(use)
			if in, _ := source.Func(use); !ok || in != fn || !c.stays(fn, first, d.ctx, cancel) {
				continue
			}
			again := false
			if _, deferred := cancel.(*ast.DeferStmt); deferred {
				again = c.returnsTo(fn, d)
			} else {
				again = c.From(g, cancel, source.Search{
					Ends:   func(n ast.Node) bool { return c.Assigns(n, d.ctx) },
					Closes: func(cond ast.Expr, value bool) bool { return c.notDone(cond, value, d.ctx) },
					Hit:    before,
				}) != nil || c.returnsTo(fn, d)
			}
			if again {
				c.report.Report(diag.Finding{
					Pos: call.Pos(), End: call.End(), Category: endedParent,
					Message: fmt.Sprintf("%s derives %s from itself after %s on line %d has ended it: the new one is done at once; keep the parent under another name",
						source.Short(call.Fun), d.ctx.Name(), first.cancel.Name(), c.Line(cancel)),
					Related: source.Related(cancel, d.ctx.Name()+" is done from here on"),
				})
				return
			}
		}
	}
}

// setting returns the derivations that set the context variable.
func (c *checker) setting(ctx *types.Var) []derivation {
	var list []derivation
	for _, use := range c.Uses(ctx) {
		s, ok := use.Parent().Node().(*ast.AssignStmt)
		if !ok || len(s.Rhs) != 1 || s.Lhs[0] != use.Node() {
			continue
		}
		if cur, ok := use.Parent().FindNode(ast.Unparen(s.Rhs[0])); ok {
			if d, ok := c.derived(cur); ok {
				list = append(list, d)
			}
		}
	}
	return list
}

// callOf returns the statement that calls the function, or defers the call.
func (c *checker) callOf(use inspector.Cursor) (ast.Stmt, bool) {
	call, ok := use.Parent().Node().(*ast.CallExpr)
	if !ok || call.Fun != use.Node() {
		return nil, false
	}
	switch s := use.Parent().Parent().Node().(type) {
	case *ast.ExprStmt:
		return s, true
	case *ast.DeferStmt:
		return s, true
	}
	return nil, false
}

// stays reports whether a path leads from the derivation to the call of its cancel
// function on which both variables stay as they are.
func (c *checker) stays(fn inspector.Cursor, d derivation, ctx *types.Var, cancel ast.Stmt) bool {
	return c.From(c.Graph(fn.Node()), d.call, source.Search{
		Ends: func(n ast.Node) bool { return c.Assigns(n, ctx) || c.Assigns(n, d.cancel) },
		Hit:  func(n ast.Node) bool { return n == ast.Node(cancel) },
	}) != nil
}

// returnsTo reports whether the function is a literal that is called where it
// stands, which uses a context variable of the function around it, and comes to the
// derivation again, in the next turn of a loop, without another value for it. It is
// taken to have called the cancel function before it returns.
func (c *checker) returnsTo(fn inspector.Cursor, d derivation) bool {
	lit, ok := fn.Node().(*ast.FuncLit)
	if !ok || lit.Pos() <= d.ctx.Pos() && d.ctx.Pos() < lit.End() {
		return false
	}
	for _, use := range c.Uses(d.ctx) {
		// Set once more in the literal, it can hold anything at the end.
		if s, ok := use.Parent().Node().(*ast.AssignStmt); ok && source.Within(s, lit) && !source.Within(d.call, s) && c.Assigns(s, d.ctx) {
			return false
		}
	}
	up := fn.Parent()
	call, ok := up.Node().(*ast.CallExpr)
	if !ok || call.Fun != ast.Expr(lit) {
		return false
	}
	switch up.Parent().Node().(type) {
	case *ast.GoStmt, *ast.DeferStmt:
		return false
	}
	outer, ok := source.Func(up)
	if !ok {
		return false
	}
	g := c.Graph(outer.Node())
	if g == nil {
		return false
	}
	return c.From(g, call, source.Search{
		Ends: func(n ast.Node) bool { return c.Assigns(n, d.ctx) },
		Hit:  func(n ast.Node) bool { return source.Within(call, n) },
	}) != nil
}
