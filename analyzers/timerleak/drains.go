package timerleak

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/cfg"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// never reports whether the timer is set to a time that nobody lives to see: Stop always finds it
// running, so that nothing is received behind that.
func (c *checker) never(call *ast.CallExpr) bool {
	d := c.Pass.TypesInfo.Types[call.Args[0]].Value
	if d == nil {
		return false
	}
	n, ok := constant.Int64Val(constant.ToInt(d))
	return ok && n >= 1<<61
}

// receive looks at a receive from a timer's channel: one that takes what Stop
// left there, although it has been received before; and one from a timer of
// AfterFunc, which has no channel.
func (c *checker) receive(cur inspector.Cursor, recv *ast.UnaryExpr) {
	t := c.owner(recv.X)
	if t == nil {
		return
	}
	if call := c.byAfterFunc(t); call != nil && !c.never(call) && (source.Local(c.Var(t)) || !c.choice(cur)) {
		c.report.Report(diag.Finding{
			Pos: recv.Pos(), End: recv.End(), Category: noChannel,
			Message: fmt.Sprintf("%s blocks forever: a timer of time.AfterFunc (line %d) has no channel; let its function signal", source.Short(recv), c.Line(call)),
			Related: source.Related(call, "the timer is made here"),
		})
		return
	}
	name := types.ExprString(t)
	stop := c.drain(cur, name)
	fn, ok := source.Func(cur)
	if stop == nil || !ok {
		return
	}
	c.rearm(cur, fn, recv, t)
	search := source.Search{
		Ends: func(n ast.Node) bool {
			return source.Any(n, func(n ast.Node) bool { return c.ofTimer(n, ops.TimerReset, name) }) || c.assigns(n, name)
		},
		Hit: func(n ast.Node) bool { return source.Within(stop, n) },
	}
	body := fn
	if d := fn.Parent().Parent(); isDeferred(fn) {
		// A deferred function drains at each return.
		if outer, ok := source.Func(d); ok {
			body = outer
			search.Hit = nil
		}
	}
	g := c.Graph(body.Node())
	if g == nil {
		return
	}
	for other := range body.Preorder((*ast.UnaryExpr)(nil)) {
		if in, _ := source.Func(other); in != body || other == cur || !c.receives(other.Node(), name) || c.drain(other, name) != nil {
			continue
		}
		if body != fn && !c.deferredBefore(g, fn, other.Node()) {
			continue
		}
		if c.From(g, other.Node(), search) == nil || noted(other, cur) {
			continue
		}
		c.report.Report(diag.Finding{
			Pos: recv.Pos(), End: recv.End(), Category: drainBlocks,
			Message: fmt.Sprintf("%s blocks forever after the receive on line %d: Stop returns false and the channel is empty; drain only if nothing was received",
				source.Short(recv), c.Line(other.Node())),
			Related: source.Related(other.Node(), "the value is received here"),
		})
		return
	}
}

// noted reports whether what follows the receive sets something that a condition around the drain
// asks for: that can tell that the channel is empty.
func noted(received, drain inspector.Cursor) bool {
	set := make(map[string]bool)
	for up := range received.Enclosing((*ast.CommClause)(nil), (*ast.BlockStmt)(nil), (*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		var list []ast.Stmt
		switch n := up.Node().(type) {
		case *ast.CommClause:
			list = n.Body
		case *ast.BlockStmt:
			list = n.List
		}
		for _, st := range list {
			if as, ok := st.(*ast.AssignStmt); ok && as.Pos() > received.Node().Pos() {
				for _, e := range as.Lhs {
					set[types.ExprString(e)] = true
				}
			}
		}
		break
	}
	for up := range drain.Enclosing((*ast.IfStmt)(nil), (*ast.FuncLit)(nil)) {
		s, ok := up.Node().(*ast.IfStmt)
		if !ok {
			break
		}
		if source.Any(s.Cond, func(n ast.Node) bool { e, ok := n.(ast.Expr); return ok && set[types.ExprString(e)] }) {
			return true
		}
	}
	return false
}

// deferredBefore reports whether the defer statement of the literal comes
// before the node on some path.
func (c *checker) deferredBefore(g *cfg.CFG, lit inspector.Cursor, n ast.Node) bool {
	return c.From(g, lit.Parent().Parent().Node(), source.Search{Hit: func(at ast.Node) bool { return source.Within(n, at) }}) != nil
}

func isDeferred(lit inspector.Cursor) bool {
	if _, ok := lit.Node().(*ast.FuncLit); !ok {
		return false
	}
	_, ok := lit.Parent().Parent().Node().(*ast.DeferStmt)
	return ok
}

// drain returns the Stop that the receive follows when its timer was not
// active: if !t.Stop() { <-t.C }.
func (c *checker) drain(cur inspector.Cursor, timer string) *ast.CallExpr {
	if _, ok := cur.Parent().Node().(*ast.ExprStmt); !ok {
		return nil
	}
	block := cur.Parent().Parent()
	s, ok := block.Parent().Node().(*ast.IfStmt)
	if !ok || s.Body != block.Node() {
		return nil
	}
	cond := ast.Unparen(s.Cond)
	if b, ok := cond.(*ast.BinaryExpr); ok && b.Op == token.LAND {
		cond = ast.Unparen(b.Y)
	}
	not, ok := cond.(*ast.UnaryExpr)
	if !ok || not.Op != token.NOT || !c.ofTimer(ast.Unparen(not.X), ops.TimerStop, timer) {
		return nil
	}
	return ast.Unparen(not.X).(*ast.CallExpr)
}

// assigns reports whether the node assigns the timer.
func (c *checker) assigns(n ast.Node, timer string) bool {
	return source.Any(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			return slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { return types.ExprString(e) == timer })
		case *ast.ValueSpec:
			return slices.ContainsFunc(n.Names, func(id *ast.Ident) bool { return id.Name == timer })
		}
		return false
	})
}

// byAfterFunc returns the call of AfterFunc that made the timer in a local
// variable, when there is no other that could have.
func (c *checker) byAfterFunc(t ast.Expr) *ast.CallExpr {
	v := c.Var(t)
	if v != nil && v.IsField() {
		return c.fieldByAfterFunc(v)
	}
	if !source.Local(v) {
		return nil
	}
	var made *ast.CallExpr
	for _, use := range c.Uses(v) {
		up := use.Parent().Node()
		switch s := up.(type) {
		case *ast.AssignStmt:
			if len(s.Lhs) != 1 || s.Lhs[0] != use.Node() {
				return nil
			}
			call, ok := ast.Unparen(s.Rhs[0]).(*ast.CallExpr)
			if !ok || c.Kind(call) != ops.AfterFunc {
				return nil
			}
			made = call
		case *ast.SelectorExpr:
		default:
			return nil
		}
	}
	return made
}

// choice reports whether the receive is a case of a select.
func (c *checker) choice(recv inspector.Cursor) bool {
	comm, ok := recv.Parent().Parent().Node().(*ast.CommClause)
	return ok && source.Within(recv.Node(), comm.Comm)
}

// fieldByAfterFunc returns a call of AfterFunc that makes the timer in a field, if all
// that the package puts there is made so, and nobody else can put anything there.
func (c *checker) fieldByAfterFunc(v *types.Var) (made *ast.CallExpr) {
	if v.Exported() || v.Pkg() != c.Pass.Pkg || c.setByOrder(v) {
		return nil
	}
	for _, use := range c.Uses(v) {
		val, sets := c.putInto(use)
		if !sets {
			continue
		}
		call, ok := val.(*ast.CallExpr)
		if ok && c.Kind(call) == ops.AfterFunc {
			made = call
		} else if val == nil || !c.Pass.TypesInfo.Types[val].IsNil() {
			return nil
		}
	}
	return made
}

// putInto returns what is put into a field where it is named, if anything: nil for what
// is not known.
func (c *checker) putInto(use inspector.Cursor) (val ast.Expr, sets bool) {
	e, up := use, use.Parent()
	if kv, ok := up.Node().(*ast.KeyValueExpr); ok && kv.Key == use.Node() {
		return ast.Unparen(kv.Value), true
	}
	if sel, ok := up.Node().(*ast.SelectorExpr); ok && sel.Sel == use.Node() {
		e, up = up, up.Parent()
	}
	switch s := up.Node().(type) {
	case *ast.AssignStmt:
		i := slices.Index(s.Lhs, e.Node().(ast.Expr))
		if i < 0 {
			return nil, false
		}
		if len(s.Lhs) != len(s.Rhs) {
			return nil, true
		}
		return ast.Unparen(s.Rhs[i]), true
	case *ast.UnaryExpr:
		return nil, s.Op == token.AND
	case *ast.RangeStmt:
		return nil, s.Key == e.Node() || s.Value == e.Node()
	}
	return nil, false
}

// setByOrder reports whether a literal sets the field without its name.
func (c *checker) setByOrder(v *types.Var) bool {
	for cur := range c.Root.Preorder((*ast.CompositeLit)(nil)) {
		lit := cur.Node().(*ast.CompositeLit)
		if len(lit.Elts) == 0 {
			continue
		}
		if _, named := lit.Elts[0].(*ast.KeyValueExpr); named {
			continue
		}
		t := c.Pass.TypesInfo.TypeOf(lit)
		if t == nil {
			continue
		}
		if st, ok := t.Underlying().(*types.Struct); ok {
			for f := range st.Fields() {
				if f.Origin() == v.Origin() {
					return true
				}
			}
		}
	}
	return false
}

// reset looks at a Reset of a timer that may have fired: before Stop and Reset
// were made to empty the channel, the old value is received at once.
func (c *checker) reset(cur inspector.Cursor, call *ast.CallExpr) {
	t := source.Receiver(call)
	if t == nil || !ops.IsTimer(c.Pass.TypesInfo.TypeOf(t)) || !c.report.Before(call.Pos(), collected) || c.IsTest(call) {
		return
	}
	v := c.Var(t)
	fn, ok := source.Func(cur)
	if !ok || !source.Local(v) || loop(cur) == nil {
		return
	}
	g := c.Graph(fn.Node())
	if g == nil {
		return
	}
	name := types.ExprString(t)
	var selected *ast.UnaryExpr
	for _, use := range c.Uses(v) {
		if in, _ := source.Func(use); in != fn {
			return
		}
		switch up := use.Parent().Node().(type) {
		case *ast.SelectorExpr:
			switch up.Sel.Name {
			case "Stop":
				if _, ok := use.Parent().Parent().Parent().Node().(*ast.DeferStmt); !ok {
					return
				}
			case "C":
				u, ok := use.Parent().Parent().Node().(*ast.UnaryExpr)
				if !ok {
					return
				}
				if isCase(use) {
					selected = u
				}
			}
		case *ast.AssignStmt:
			if len(up.Rhs) != 1 || c.Kind(up.Rhs[0]) != ops.NewTimer {
				return
			}
		default:
			return
		}
	}
	if selected == nil {
		return
	}
	stale := c.From(g, call, source.Search{
		Ends: func(n ast.Node) bool {
			return c.assigns(n, name) || source.Any(n, func(n ast.Node) bool { return c.receives(n, name) })
		},
		Hit: func(n ast.Node) bool { return source.Within(call, n) },
	})
	if stale == nil {
		return
	}
	// A timer that is off after it has fired is set where something else has come of that.
	off := c.From(g, selected, source.Search{
		Ends: func(n ast.Node) bool { return c.assigns(n, name) || source.Any(n, c.resets(name)) },
		Hit:  func(n ast.Node) bool { return source.Within(selected, n) },
	})
	if off != nil {
		return
	}
	c.report.Report(diag.Finding{
		Pos: call.Pos(), End: call.End(), Category: staleReset,
		Message: fmt.Sprintf("%s keeps the old value in %s.C if it has just fired, before %s: line %d then receives at once; Stop and drain it first",
			source.Short(call.Fun), name, collected, c.Line(selected)),
		Related: source.Related(selected, "the old value is received here"),
	})
}

// resets returns what reports whether a node is a Reset of the timer.
func (c *checker) resets(name string) func(ast.Node) bool {
	return func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || c.Kind(call) != ops.TimerReset {
			return false
		}
		t := source.Receiver(call)
		return t != nil && types.ExprString(t) == name
	}
}

// isCase reports whether the use is in the communication of a case.
func isCase(use inspector.Cursor) bool {
	for up := range use.Enclosing((*ast.CommClause)(nil), (*ast.BlockStmt)(nil), (*ast.FuncLit)(nil)) {
		clause, ok := up.Node().(*ast.CommClause)
		return ok && clause.Comm != nil && source.Within(use.Node(), clause.Comm)
	}
	return false
}

// length looks at len(t.C): the channel has no buffer that is seen any more.
func (c *checker) length(call *ast.CallExpr) {
	t := c.owner(call.Args[0])
	if t == nil || c.report.Before(call.Pos(), collected) {
		return
	}
	c.report.Report(diag.Finding{
		Pos: call.Pos(), End: call.End(), Category: alwaysEmpty,
		Message: fmt.Sprintf("%s is always 0 since %s, also when a value is ready; receive in a select with a default", source.Short(call), collected),
	})
}
