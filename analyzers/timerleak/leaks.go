package timerleak

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// ticker looks for a return that a ticker in a local variable is not stopped
// before. Any use but of its channel and Reset may be what stops it.
func (c *checker) ticker(cur inspector.Cursor, call *ast.CallExpr) {
	if !c.report.Before(call.Pos(), collected) || c.IsTest(call) {
		return
	}
	fn, ok := source.Func(cur)
	v, def := c.made(cur, call)
	if !ok || v == nil || c.isMain(fn.Node()) {
		return
	}
	g := c.Graph(fn.Node())
	if g == nil {
		return
	}
	stopped := false
	for _, use := range c.Uses(v) {
		if in, ok := source.Func(use); !ok || in != fn && (!c.stops(use) || c.deferredBy(use, fn, def)) {
			return // a goroutine or a closure has it
		}
		stopped = stopped || !c.looks(use) && use.Node().Pos() != v.Pos()
	}
	ret := c.From(g, def, source.Search{
		Ends: func(n ast.Node) bool {
			for _, use := range c.Uses(v) {
				if source.Within(use.Node(), n) && !c.looks(use) {
					return true
				}
			}
			return false
		},
		Closes: func(cond ast.Expr, value bool) bool { return c.isNil(cond, v) == value && c.comparesNil(cond, v) },
	})
	if ret == nil {
		return
	}
	f := diag.Finding{
		Pos: call.Pos(), End: call.End(), Category: notStopped,
		Message: fmt.Sprintf("%s is not stopped at the return on line %d: before %s it then ticks forever and is never freed; defer %s.Stop()",
			v.Name(), c.Line(ret), collected, v.Name()),
	}
	if !stopped {
		f.Fix = c.deferStop(fn, v, def)
		f.Message = fmt.Sprintf("%s is never stopped: before %s it ticks forever and is never freed; defer %s.Stop()", v.Name(), collected, v.Name())
	}
	if ret.End() <= fn.Node().End() && ret.End() > ret.Pos() {
		f.Related = source.Related(ret, "the return")
	}
	c.report.Report(f)
}

// deferredBy reports whether the use is in a function that is deferred before
// the ticker is made: it stops what the variable holds at the end.
func (c *checker) deferredBy(use, fn inspector.Cursor, def ast.Node) bool {
	for up := range use.Enclosing((*ast.DeferStmt)(nil)) {
		if in, _ := source.Func(up); in == fn {
			return up.Node().End() <= def.Pos()
		}
	}
	return false
}

// deferStop stops the ticker when the function returns; it must be a statement
// of the function's own block.
func (c *checker) deferStop(fn inspector.Cursor, v *types.Var, def ast.Node) *analysis.SuggestedFix {
	body, _ := source.Body(fn.Node())
	s, ok := def.(*ast.AssignStmt)
	if !ok || !slices.Contains(body.List, ast.Stmt(s)) {
		return nil
	}
	stop := "defer " + v.Name() + ".Stop()"
	indent := strings.Repeat("\t", c.report.Position(s.Pos()).Column-1)
	return &analysis.SuggestedFix{
		Message:   stop,
		TextEdits: []analysis.TextEdit{{Pos: s.End(), End: s.End(), NewText: []byte("\n" + indent + stop)}},
	}
}

// looks reports whether the use of a timer cannot stop it or hand it on: its
// channel, Reset, or a comparison.
func (c *checker) looks(use inspector.Cursor) bool {
	switch up := use.Parent().Node().(type) {
	case *ast.SelectorExpr:
		return up.X == use.Node() && up.Sel.Name != "Stop"
	case *ast.BinaryExpr:
		return true
	}
	return false
}

// stops reports whether the use is a call of Stop.
func (c *checker) stops(use inspector.Cursor) bool {
	sel, ok := use.Parent().Node().(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Stop"
}

// comparesNil reports whether the condition compares the variable with nil.
func (c *checker) comparesNil(cond ast.Expr, v *types.Var) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	return ok && c.Var(b.X) == v && c.Pass.TypesInfo.Types[b.Y].IsNil()
}

// isNil returns the value of such a condition when the variable is nil.
func (c *checker) isNil(cond ast.Expr, v *types.Var) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	return ok && c.Var(b.X) == v && b.Op.String() == "=="
}

// loop returns the loop around a node in its function.
func loop(cur inspector.Cursor) ast.Stmt {
	child := cur.Node()
	for up := range cur.Parent().Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		switch n := up.Node().(type) {
		case *ast.ForStmt:
			if source.Within(child, n.Body) || n.Post != nil && source.Within(child, n.Post) {
				return n
			}
		case *ast.RangeStmt:
			if source.Within(child, n.Body) {
				return n
			}
		default:
			return nil
		}
	}
	return nil
}

// tick looks at time.Tick, whose ticker nobody can stop.
func (c *checker) tick(cur inspector.Cursor, call *ast.CallExpr) {
	if !c.report.Before(call.Pos(), collected) || c.IsTest(call) {
		return
	}
	fn, ok := source.Func(cur)
	if !ok {
		return
	}
	f := diag.Finding{Pos: call.Pos(), End: call.End(), Category: tickLeaks}
	switch g := c.Graph(fn.Node()); {
	case g == nil:
		return
	case loop(cur) != nil:
		f.Message = fmt.Sprintf("%s makes a new ticker in each turn: before %s none is ever freed; make it once, before the loop", source.Short(call), collected)
	case c.isMain(fn.Node()) || g.NoReturn() || c.endless(cur):
		return
	case c.returned(cur):
		return
	default:
		f.Message = fmt.Sprintf("%s cannot be stopped: before %s it ticks on when the function has returned; use time.NewTicker and defer its Stop", source.Short(call), collected)
	}
	c.report.Report(f)
}

// endless reports whether the ticker is ranged over by a loop that nothing leaves:
// its channel is never closed, so that the function never returns.
func (c *checker) endless(cur inspector.Cursor) bool {
	loop, _ := cur.Parent().Node().(*ast.RangeStmt)
	if v, made := c.made(cur, cur.Node().(*ast.CallExpr)); v != nil {
		loop = c.onlyRange(v, made)
	} else if loop != nil && loop.X != cur.Node() {
		return false
	}
	if loop == nil {
		return false
	}
	leaves := false
	var visit func(n ast.Node, inner bool)
	visit = func(n ast.Node, inner bool) {
		ast.Inspect(n, func(m ast.Node) bool {
			switch m := m.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt:
				leaves = true
			case *ast.BranchStmt:
				leaves = leaves || m.Tok == token.GOTO || m.Label != nil && m.Tok == token.BREAK || m.Tok == token.BREAK && !inner
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				if m != n && !inner {
					visit(m, true)
					return false
				}
			}
			return true
		})
	}
	visit(loop.Body, false)
	return !leaves
}

// onlyRange is the loop over the variable, if that is all that is done with it once it is made.
func (c *checker) onlyRange(v *types.Var, made ast.Node) (loop *ast.RangeStmt) {
	for _, use := range c.Uses(v) {
		up := use.Parent().Node()
		if up == made {
			continue
		}
		in, ok := up.(*ast.RangeStmt)
		if !ok || in.X != use.Node() || loop != nil {
			return nil
		}
		loop = in
	}
	return loop
}

// returned reports whether the value leaves the function or is kept: then it
// is to live longer.
func (c *checker) returned(cur inspector.Cursor) bool {
	switch s := cur.Parent().Node().(type) {
	case *ast.UnaryExpr, *ast.RangeStmt:
		return false
	case *ast.AssignStmt, *ast.ValueSpec:
		v, _ := c.made(cur, cur.Node().(*ast.CallExpr))
		if v == nil {
			return true
		}
		fn, _ := source.Func(cur)
		for _, use := range c.Uses(v) {
			if in, _ := source.Func(use); in != fn {
				return true
			}
			switch up := use.Parent().Node().(type) {
			case *ast.UnaryExpr, *ast.RangeStmt:
			case *ast.AssignStmt, *ast.ValueSpec:
				if up != s {
					return true
				}
			default:
				return true
			}
		}
		return false
	}
	return true
}
