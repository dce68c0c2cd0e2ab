package contextmisuse

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// stored looks for cancel functions in unexported fields and variables of the
// package that are set and never read: nothing can call them.
func (c *checker) stored() {
	scope := c.Pass.Pkg.Scope()
	for _, name := range scope.Names() {
		switch obj := scope.Lookup(name).(type) {
		case *types.Var:
			c.neverRead(obj)
		case *types.TypeName:
			if s, ok := obj.Type().Underlying().(*types.Struct); ok {
				for f := range s.Fields() {
					c.neverRead(f)
				}
			}
		}
	}
}

func (c *checker) neverRead(v *types.Var) {
	if v.Exported() || v.Embedded() || v.Pkg() != c.Pass.Pkg || !ops.IsCancel(v.Type()) {
		return
	}
	var set ast.Node
	for _, use := range c.Uses(v) {
		id := use.Node()
		up := use.Parent()
		if sel, ok := up.Node().(*ast.SelectorExpr); ok && sel.Sel == id {
			id, up = sel, up.Parent()
		}
		switch n := up.Node().(type) {
		case *ast.Field, *ast.ValueSpec:
			continue
		case *ast.AssignStmt:
			written := false
			for i, lhs := range n.Lhs {
				if lhs == id {
					written = true
					if len(n.Rhs) == len(n.Lhs) {
						if c.Pass.TypesInfo.Types[n.Rhs[i]].IsNil() {
							continue
						}
						if c.otherwise(n.Rhs[i]) {
							return
						}
					}
					if set == nil {
						set = lhs
					}
				}
			}
			if !written {
				return
			}
		case *ast.KeyValueExpr:
			if n.Key != id || c.otherwise(n.Value) {
				return
			}
			if set == nil {
				set = n
			}
		default:
			return
		}
	}
	if !c.all && (!v.IsField() || c.timed(set)) {
		return // it lives as long as the process, or ends by itself
	}
	if set == nil || c.IsTest(set) || c.report.Generated(set.Pos()) || c.Excluded(v.Name()) {
		return
	}
	c.report.Report(diag.Finding{
		Pos: set.Pos(), End: set.End(), Category: cancelNeverCalled,
		Message: fmt.Sprintf("%s is set and never called in this package: the context is never canceled and leaks until its parent is; call it when the work ends", v.Name()),
	})
}

// timed reports whether what is stored, in an assignment or literal around the node, is the
// cancel function of a context with a deadline.
func (c *checker) timed(set ast.Node) bool {
	if set == nil {
		return false
	}
	file := diag.EnclosingFile(c.Pass, set.Pos())
	if file == nil {
		return false
	}
	for _, decl := range file.Decls {
		if decl.Pos() <= set.Pos() && set.End() <= decl.End() {
			return source.Any(decl, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				return ok && c.Kind(call) == ops.CtxWithTimeout
			})
		}
	}
	return false
}

// otherwise reports whether the stored value can be called by another way: it
// is not a variable that is defined and stored, and that is all.
func (c *checker) otherwise(e ast.Expr) bool {
	v := c.Var(e)
	if v == nil {
		return true
	}
	n := 0
	for _, use := range c.Uses(v) {
		if s, ok := use.Parent().Node().(*ast.AssignStmt); ok {
			if slices.ContainsFunc(s.Lhs, func(l ast.Expr) bool { return l == use.Node() }) {
				continue
			}
		}
		n++
	}
	return !source.Local(v) || n != 1
}

// returnsCancel looks at a call of a function outside of package context that
// returns a cancel function. The pass lostcancel does this for those within.
func (c *checker) returnsCancel(cur inspector.Cursor, call *ast.CallExpr) {
	if c.IsTest(call) {
		return // it ends soon
	}
	tuple, ok := c.Pass.TypesInfo.TypeOf(call).(*types.Tuple)
	if !ok {
		return
	}
	s, ok := cur.Parent().Node().(*ast.AssignStmt)
	if !ok || len(s.Lhs) != tuple.Len() {
		return
	}
	for i, lhs := range s.Lhs {
		id, ok := lhs.(*ast.Ident)
		if !ok || !ops.IsCancel(tuple.At(i).Type()) || !c.makes(c.Callee(call), tuple, i) {
			continue
		}
		if id.Name == "_" {
			c.report.Report(diag.Finding{
				Pos: id.Pos(), End: id.End(), Category: cancelDiscarded,
				Message: fmt.Sprintf("the cancel function that %s returns is discarded: its context leaks until the parent is done; keep and defer it", source.Short(call.Fun)),
				Related: source.Related(call, "returns the cancel function"),
			})
			continue
		}
		c.missed(cur, call, s, c.Var(id))
	}
}

// makes reports whether the function makes a context for its caller, and
// result i is what cancels that. A getter may return one that others call, too:
// of a function of this package each return tells; another one gives both.
func (c *checker) makes(fn *types.Func, results *types.Tuple, i int) bool {
	if decl, ok := c.Decl(fn); ok {
		body, _ := source.Body(decl.Node())
		return body != nil && !source.Any(body, func(n ast.Node) bool {
			ret, ok := n.(*ast.ReturnStmt)
			return ok && len(ret.Results) == results.Len() && c.kept(ret.Results[i])
		})
	}
	for v := range results.Variables() {
		if ops.IsContext(v.Type()) {
			return true
		}
	}
	return false
}

// kept reports whether an expression is a cancel function that outlives the
// call: one in a field, an element, or a variable of the package.
func (c *checker) kept(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.SelectorExpr, *ast.IndexExpr:
		v := c.Var(e)
		return v == nil || !source.Local(v)
	case *ast.Ident:
		v := c.Var(e)
		return v != nil && !source.Local(v)
	}
	return false
}

// missed looks for a return before which the cancel function is not used.
func (c *checker) missed(cur inspector.Cursor, call *ast.CallExpr, def *ast.AssignStmt, cancel *types.Var) {
	fn, ok := source.Func(cur)
	if !ok || !source.Local(cancel) || cancel.Kind() == types.ResultVar || cancel.Pos() < fn.Node().Pos() || cancel.Pos() >= fn.Node().End() {
		return
	}
	g := c.Graph(fn.Node())
	if g == nil {
		return
	}
	for _, use := range c.Uses(cancel) {
		if in, _ := source.Func(use); in != fn {
			return // a closure has it, deferred before perhaps
		}
	}
	failed := c.failure(def)
	ret := c.From(g, def, source.Search{
		Ends: func(n ast.Node) bool {
			return source.Any(n, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				return ok && c.Var(id) == cancel
			})
		},
		Closes: func(cond ast.Expr, value bool) bool { return failed != nil && c.tells(cond, value, failed) },
	})
	if ret == nil {
		return
	}
	c.report.Report(diag.Finding{
		Pos: call.Pos(), End: call.End(), Category: cancelMissed,
		Message: fmt.Sprintf("%s is not called before the return on line %d: the context of %s leaks until its parent is done; defer %s()",
			cancel.Name(), c.Line(ret), source.Short(call.Fun), cancel.Name()),
	})
}

// failure returns the variable for an error or a second boolean that comes
// with the cancel function.
func (c *checker) failure(def *ast.AssignStmt) *types.Var {
	last := c.Var(def.Lhs[len(def.Lhs)-1])
	if last == nil {
		return nil
	}
	if b, ok := last.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsBoolean != 0 || source.IsError(last.Type()) {
		return last
	}
	return nil
}

// tells reports whether the condition says that the call has failed.
func (c *checker) tells(cond ast.Expr, value bool, failed *types.Var) bool {
	if b, ok := ast.Unparen(cond).(*ast.BinaryExpr); ok && c.Var(b.X) == failed && c.Pass.TypesInfo.Types[b.Y].IsNil() {
		return (b.Op.String() == "!=") == value
	}
	if c.Var(cond) == failed {
		return !value
	}
	return false
}
