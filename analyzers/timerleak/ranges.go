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

// rangeStmt looks at a loop over a ticker's channel that nothing in it leaves.
// Stop does not close the channel, so somebody who stops the ticker and takes
// the goroutine for ended is wrong.
func (c *checker) rangeStmt(cur inspector.Cursor, r *ast.RangeStmt) {
	t := c.owner(r.X)
	if t == nil || c.exits(r.Body) || c.IsTest(r) {
		return
	}
	v := c.Var(t)
	if v == nil {
		return
	}
	own := c.Goroutine(cur)
	f := diag.Finding{
		Pos: r.Pos(), End: r.X.End(), Category: rangeForever,
	}
	for _, use := range c.Uses(v) {
		stop, ok := c.stopCall(use)
		if !ok || source.Within(stop, own.Node()) || c.onlyMain(use) {
			continue
		}
		f.Message = fmt.Sprintf("range over %s never returns: %s.Stop on %s does not close the channel, which leaks the goroutine; select on a stop channel too",
			source.Short(r.X), source.Short(t), c.Where(stop, r))
		f.Related = source.Related(stop, "the ticker is stopped here")
		c.report.Report(f)
		return
	}
	if quit := c.quit(own); quit != nil && c.isGoroutine(own) {
		f.Message = fmt.Sprintf("range over %s never returns, though %s is closed on %s: leaks the goroutine; select on both",
			source.Short(r.X), types.ExprString(quit.Args[0]), c.Where(quit, r))
		f.Related = source.Related(quit, "the owner is stopped here")
		c.report.Report(f)
	}
}

// stopCall returns the call of Stop that the use of a ticker is part of.
func (c *checker) stopCall(use inspector.Cursor) (*ast.CallExpr, bool) {
	up := use.Parent()
	if sel, ok := up.Node().(*ast.SelectorExpr); ok && sel.Sel == use.Node() { // of a field
		up = up.Parent()
	}
	call, ok := up.Parent().Node().(*ast.CallExpr)
	if !ok || c.Kind(call) != ops.TimerStop {
		return nil, false
	}
	return call, true
}

// onlyMain reports whether the use is in main, with which the goroutines end.
func (c *checker) onlyMain(use inspector.Cursor) bool {
	d, ok := source.Outermost(use)
	return ok && c.isMain(d)
}

// exits reports whether something in the body of a loop leaves it: a return,
// a jump, a call that does not come back.
func (c *checker) exits(body *ast.BlockStmt) bool {
	found := false
	var visit func(n ast.Node, breaks bool)
	visit = func(root ast.Node, breaks bool) {
		ast.Inspect(root, func(n ast.Node) bool {
			if n == root || found {
				return !found
			}
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt:
				found = true
			case *ast.BranchStmt:
				found = n.Label != nil || n.Tok == token.GOTO || n.Tok == token.BREAK && breaks
			case *ast.ExprStmt:
				call, ok := n.X.(*ast.CallExpr)
				found = c.Leaves(n) || ok && c.Builtin(call) == "panic"
			case *ast.ForStmt, *ast.RangeStmt, *ast.SelectStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt:
				if breaks {
					visit(n, false)
					return false
				}
			}
			return !found
		})
	}
	visit(body, true)
	return found
}

// isGoroutine reports whether the package starts the method with go statements
// only.
func (c *checker) isGoroutine(fn inspector.Cursor) bool {
	d, ok := fn.Node().(*ast.FuncDecl)
	if !ok {
		return c.Started(fn)
	}
	obj, _ := c.Pass.TypesInfo.Defs[d.Name].(*types.Func)
	if obj == nil || obj.Exported() {
		return false
	}
	started := false
	for cur := range c.Root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		if f := c.Callee(call); f == nil || f.Origin() != obj {
			continue
		}
		if _, ok := cur.Parent().Node().(*ast.GoStmt); !ok {
			return false
		}
		started = true
	}
	return started
}

// quit returns the close of a channel of empty structs in a field of the type
// whose method the function is or is in, when the function does not look at it.
func (c *checker) quit(fn inspector.Cursor) *ast.CallExpr {
	d, ok := fn.Node().(*ast.FuncDecl)
	if !ok {
		d, ok = source.Outermost(fn)
	}
	if !ok || d.Recv == nil || len(d.Recv.List) == 0 {
		return nil
	}
	s := structOf(c.Pass.TypesInfo.TypeOf(d.Recv.List[0].Type))
	if s == nil {
		return nil
	}
	for f := range s.Fields() {
		ch, ok := f.Type().Underlying().(*types.Chan)
		if !ok || !types.Identical(ch.Elem().Underlying(), types.NewStruct(nil, nil)) || c.mentions(fn.Node(), f) {
			continue
		}
		if c.closed == nil {
			c.closed = c.closes()
		}
		if call := c.closed[f.Origin()]; call != nil && !source.Within(call, d) {
			return call
		}
	}
	return nil
}

func structOf(t types.Type) *types.Struct {
	if t == nil {
		return nil
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	s, _ := t.Underlying().(*types.Struct)
	return s
}

func (c *checker) mentions(n ast.Node, v *types.Var) bool {
	for _, use := range c.Uses(v) {
		if source.Within(use.Node(), n) {
			return true
		}
	}
	return false
}

// closes maps the channels that the package closes to the first close.
func (c *checker) closes() map[*types.Var]*ast.CallExpr {
	m := make(map[*types.Var]*ast.CallExpr)
	for cur := range c.Root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		if c.Builtin(call) == "close" && len(call.Args) == 1 {
			if v := c.Var(call.Args[0]); v != nil && m[v] == nil {
				m[v] = call
			}
		}
	}
	return m
}
