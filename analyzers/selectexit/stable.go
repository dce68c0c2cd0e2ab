package selectexit

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// closes returns where the channel that e names is closed: the places of the
// variable itself; of a parameter, when each call in the package passes a
// variable that is closed, those of the first.
func (ch *channels) closes(e ast.Expr) []event {
	v := ch.variable(e)
	if v == nil {
		return nil
	}
	if own := ch.closed[v]; len(own) > 0 {
		return own
	}
	var at []event
	for _, arg := range ch.args[v] {
		if arg == nil || len(ch.closed[arg]) == 0 || len(ch.set[v]) > 0 {
			return nil
		}
		if at == nil {
			at = ch.closed[arg]
		}
	}
	return at
}

// stable reports whether e names the same channel, context or object in each
// turn of the loop in fn. A field that is set again some time after its owner
// was made counts as the same only while the loop calls nothing that could be
// the one to set it.
func (ch *channels) stable(e ast.Expr, at spot) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		v := ch.variable(e)
		if v == nil || ch.taken[v] {
			return false
		}
		global := v.Parent() == v.Pkg().Scope()
		calls := false
		if v.IsField() || global {
			calls = ch.callsBack(at.loop)
		}
		for _, s := range ch.set[v] {
			switch {
			case within(s.node, at.loop):
				return false
			case v.IsField() || global:
				if !s.fresh && !s.def && calls {
					return false
				}
			case s.fn != at.fn && !s.def:
				if !within(at.fn, s.fn) {
					return false // set by a closure, whenever it runs
				}
				if s.fn != at.fn && s.node.Pos() > at.fn.Pos() {
					return false // set after the closure with the loop was made
				}
			}
		}
		if sel, ok := e.(*ast.SelectorExpr); ok && v.IsField() {
			return ch.stable(sel.X, at)
		}
		return true
	case *ast.StarExpr:
		return ch.stable(e.X, at)
	case *ast.CallExpr:
		// An accessor: a method that is given nothing and yields a context, and
		// the context's own Done.
		sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr)
		if !ok || len(e.Args) > 0 {
			return false
		}
		fn, _ := ch.info.ObjectOf(sel.Sel).(*types.Func)
		if fn == nil || fn.Signature().Recv() == nil {
			return false
		}
		if ops.Of(fn).Kind != ops.CtxDone && !ops.IsContext(ch.info.TypeOf(e)) {
			return false
		}
		return ch.stable(sel.X, at)
	}
	return false
}

// callsBack reports whether the loop calls functions of this package or
// function values, which may set fields and variables of the package.
func (ch *channels) callsBack(loop ast.Node) bool {
	found := false
	ast.Inspect(loop, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || found {
			return !found
		}
		switch fn := typeutil.Callee(ch.info, call).(type) {
		case nil:
			tv := ch.info.Types[call.Fun]
			found = !tv.IsType()
		case *types.Var:
			found = true
		case *types.Func:
			found = fn.Pkg() == ch.pkg
		}
		return !found
	})
	return found
}

func within(n, outer ast.Node) bool {
	return outer != nil && outer.Pos() <= n.Pos() && n.End() <= outer.End()
}
