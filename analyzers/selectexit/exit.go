package selectexit

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

// A goroutine may rightly live as long as the process. What tells that it is
// to end is that its owner has a stop signal, and that other loops obey it.

// forStmt looks at a loop around a select that nothing leaves, in a goroutine
// that a method starts. It speaks when a field of the receiver's type is a
// stop signal: a loop of the package returns when it receives from there.
func (c *checker) forStmt(loop *ast.ForStmt, at spot) {
	c.failing(loop, at)
	if loop.Cond != nil {
		return
	}
	if len(loop.Body.List) == 0 {
		c.emptyLoop(loop, at)
		return
	}
	sel, ok := loop.Body.List[len(loop.Body.List)-1].(*ast.SelectStmt)
	if !ok || !c.isGoroutine(at) {
		return
	}
	g := c.graph(at.fn)
	comms, _ := communications(sel)
	if g == nil || len(comms) == 0 {
		return
	}
	t := newTurn(c, g, loop, func(n ast.Node) bool { return n == ast.Node(comms[0].clause.Comm) })
	if t == nil || t.leaves() {
		return
	}
	owner := c.owner(at.outer)
	if owner == nil {
		return
	}
	for _, s := range c.chans.stops {
		if s.owner != owner || c.mentions(loop, s.field) {
			continue
		}
		c.report.Report(diag.Finding{
			Pos: loop.Pos(), End: loop.Pos() + token.Pos(len("for")), Category: noExit,
			Message: fmt.Sprintf("no case leaves this loop: the goroutine outlives its %s, whose loop at %s ends by %s; add that case",
				short(owner.Name()), c.where(s.recv, loop), short(types.ExprString(s.recv.X))),
			Related: c.related(s.recv, "this loop ends"),
		})
		return
	}
}

// isGoroutine reports whether the function is a literal of a go statement, or
// a declared one that the package only starts with go statements.
func (c *checker) isGoroutine(at spot) bool {
	switch fn := at.fn.(type) {
	case *ast.FuncLit:
		_, ok := at.start.(*ast.GoStmt)
		return ok
	case *ast.FuncDecl:
		obj, _ := c.TypesInfo.Defs[fn.Name].(*types.Func)
		return obj != nil && !obj.Exported() && c.chans.started[obj] && !c.chans.calledPlain[obj] && !c.chans.values[obj]
	}
	return false
}

// owner returns the type whose method the function is.
func (c *checker) owner(fn ast.Node) *types.TypeName {
	decl, ok := fn.(*ast.FuncDecl)
	if !ok || decl.Recv == nil || len(decl.Recv.List) == 0 {
		return nil
	}
	return typeName(c.TypesInfo.TypeOf(decl.Recv.List[0].Type))
}

func typeName(t types.Type) *types.TypeName {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj()
	}
	return nil
}

func (c *checker) mentions(n ast.Node, field *types.Var) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			v, ok := c.TypesInfo.Uses[id].(*types.Var)
			found = found || ok && v.Origin() == field
		}
		return !found
	})
	return found
}

// A stop is a case that ends a loop, of a channel or context in a field.
type stop struct {
	owner *types.TypeName // the type that has the field
	field *types.Var
	recv  *ast.UnaryExpr
}

// stopOf returns the stop that the case is, if any.
func (ch *channels) stopOf(cm comm, at spot) *stop {
	if cm.recv == nil || at.loop == nil || len(cm.clause.Body) == 0 {
		return nil
	}
	switch last := cm.clause.Body[len(cm.clause.Body)-1].(type) {
	case *ast.ReturnStmt:
	case *ast.BranchStmt:
		if last.Label == nil {
			return nil
		}
	default:
		return nil
	}
	e := ast.Unparen(cm.recv.X)
	if call, ok := e.(*ast.CallExpr); ok && len(call.Args) == 0 {
		fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return nil
		}
		if fn, _ := ch.info.ObjectOf(fun.Sel).(*types.Func); ops.Of(fn).Kind != ops.CtxDone {
			return nil
		}
		e = ast.Unparen(fun.X)
	}
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	v := ch.variable(sel)
	owner := typeName(ch.info.TypeOf(sel.X))
	if v == nil || !v.IsField() || owner == nil {
		return nil
	}
	return &stop{owner, v, cm.recv}
}
