package timerleak

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// spent looks at a timer that is made before a loop and limits how long each turn waits
// for something of its own. Its channel gives one value: after the turn that takes it,
// nothing limits the others.
func (c *checker) spent(cur inspector.Cursor, call *ast.CallExpr) {
	v, def := c.made(cur, call)
	fn, ok := source.Func(cur)
	if v == nil || !ok {
		return
	}
	var cases []inspector.Cursor
	for _, use := range c.Uses(v) {
		if use.Node().Pos() == v.Pos() {
			continue
		}
		recv, received, known := c.timerUse(use)
		if in, _ := source.Func(use); !known || received && in != fn {
			return
		}
		if received {
			cases = append(cases, recv)
		}
	}
	if len(cases) != 1 {
		return
	}
	c.spentIn(cases[0], fn, v, def)
}

// timerUse returns the receive from the timer that the use is part of, if it is one; it
// is not known what becomes of a timer that is used otherwise than to receive, be stopped,
// be started again or be set.
func (c *checker) timerUse(use inspector.Cursor) (recv inspector.Cursor, received, known bool) {
	up := use.Parent()
	if sel, ok := up.Node().(*ast.SelectorExpr); ok && sel.X == use.Node() {
		if sel.Sel.Name != "C" {
			kind := c.Kind(up.Parent().Node())
			return up, false, kind == ops.TimerStop || kind == ops.TimerReset
		}
		up = up.Parent()
	}
	switch n := up.Node().(type) {
	case *ast.UnaryExpr:
		return up, true, n.Op == token.ARROW
	case *ast.AssignStmt:
		return up, false, slices.Contains(n.Lhs, use.Node().(ast.Expr))
	}
	return up, false, false
}

// spentIn looks at the select that receives from the timer.
func (c *checker) spentIn(recv, fn inspector.Cursor, v *types.Var, def ast.Node) {
	if !c.choice(recv) {
		return
	}
	at := recv.Parent().Parent()
	clause, sel := at.Node().(*ast.CommClause), at.Parent().Parent()
	around := loop(sel)
	g := c.Graph(fn.Node())
	if around == nil || g == nil || source.Within(def, around) || !c.abandons(clause, around) || c.looksElsewhere(sel, around) {
		return
	}
	other := c.ownWait(sel.Node().(*ast.SelectStmt), clause, around)
	if other == nil {
		return
	}
	again := c.From(g, clause.Comm, source.Search{
		Ends: func(n ast.Node) bool {
			return c.assigns(n, v.Name()) || source.Any(n, func(n ast.Node) bool { return c.ofTimer(n, ops.TimerReset, v.Name()) })
		},
		Hit: func(n ast.Node) bool { return n == ast.Node(clause.Comm) },
	})
	if again == nil {
		return
	}
	c.report.Report(diag.Finding{
		Pos: recv.Node().Pos(), End: recv.Node().End(), Category: spentTimer,
		Message: fmt.Sprintf("%s is ready once only: when it was in one turn of the loop, the next ones wait for %s with no limit; leave the loop, or Reset the timer",
			source.Short(recv.Node().(*ast.UnaryExpr)), source.Short(other)),
		Related: append(source.Related(def, "the timer is started here"), source.Related(other, "the next turns wait for this")...),
	})
}

// abandons reports whether the timer's case ends its turn and nothing else: it has no way
// out of the loop, and does nothing that other turns can see but to note what happened.
// Calls that are written for a reader only are let pass, as are those on what the turn has
// for itself.
func (c *checker) abandons(clause *ast.CommClause, around ast.Stmt) bool {
	only := true
	ast.Inspect(&ast.BlockStmt{List: clause.Body, Lbrace: clause.Colon, Rbrace: clause.End()}, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.GoStmt, *ast.DeferStmt, *ast.ReturnStmt, *ast.SendStmt, *ast.SelectStmt:
			only = false
		case *ast.IncDecStmt:
			only = only && !c.steers(n.X, around)
		case *ast.AssignStmt:
			only = only && !slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { return c.steers(e, around) })
		case *ast.BranchStmt:
			only = only && (n.Tok == token.CONTINUE || n.Tok == token.BREAK) && n.Label == nil
		case *ast.UnaryExpr:
			only = only && n.Op != token.ARROW
		case *ast.ExprStmt:
			call, ok := n.X.(*ast.CallExpr)
			only = only && ok && (c.tells(call) || c.ofTurn(source.Receiver(call), around))
			return false
		case *ast.CallExpr:
			only = only && (c.Builtin(n) != "" || c.tells(n))
		}
		return only
	})
	return only
}

// steers reports whether a condition in the loop asks for the variable.
func (c *checker) steers(e ast.Expr, around ast.Stmt) bool {
	v := c.Var(e)
	asks := func(cond ast.Expr) bool {
		return cond != nil && source.Any(cond, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			return ok && c.Var(id) == v
		})
	}
	return v != nil && source.Any(around, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt:
			return asks(n.Cond)
		case *ast.IfStmt:
			return asks(n.Cond)
		case *ast.SwitchStmt:
			return asks(n.Tag) || n.Tag == nil && source.Any(n.Body, func(n ast.Node) bool {
				clause, ok := n.(*ast.CaseClause)
				return ok && slices.ContainsFunc(clause.List, asks)
			})
		}
		return false
	})
}

// tells reports whether the call writes a message.
func (c *checker) tells(call *ast.CallExpr) bool { return source.IsMessage(c.Pass.TypesInfo, call) }

// ofTurn reports whether the expression is a variable that each turn of the loop has for
// itself, or of one.
func (c *checker) ofTurn(e ast.Expr, around ast.Stmt) bool {
	return e != nil && source.Any(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return false
		}
		v := c.Var(id)
		return v != nil && !v.IsField() && around.Pos() <= v.Pos() && v.Pos() < around.End() && !c.header(v, around)
	})
}

// header reports whether the variable is declared by the statement of a loop for all its
// turns: for i := 0; ...
func (c *checker) header(v *types.Var, around ast.Stmt) bool {
	f, ok := around.(*ast.ForStmt)
	return ok && f.Init != nil && f.Init.Pos() <= v.Pos() && v.Pos() < f.Init.End()
}

// ownWait returns what the select waits for beside the timer that each turn has for
// itself, unless one of the cases is a limit, too. In a loop with a turn for each of some
// things, that is what it waits for in each.
func (c *checker) ownWait(sel *ast.SelectStmt, timer *ast.CommClause, around ast.Stmt) ast.Expr {
	var own ast.Expr
	for _, s := range sel.Body.List {
		clause := s.(*ast.CommClause)
		if clause == timer {
			continue
		}
		ch := channel(clause.Comm)
		switch {
		case ch == nil || c.limits(ch, around):
			return nil
		case own == nil && (c.ofTurn(ch, around) || c.forEach(around) && !c.isDone(ch)):
			own = ch
		}
	}
	return own
}

// forEach reports whether the loop has a turn for each of some things, whose number is not
// constant: where it is, one turn may be meant for the timer.
func (c *checker) forEach(around ast.Stmt) bool {
	r, ok := around.(*ast.RangeStmt)
	if !ok || c.Pass.TypesInfo.Types[r.X].Value != nil {
		return false
	}
	switch c.Pass.TypesInfo.TypeOf(r.X).Underlying().(type) {
	case *types.Slice, *types.Map, *types.Basic:
		return true
	}
	return false
}

// isDone reports whether the channel is that of a context.
func (c *checker) isDone(ch ast.Expr) bool { return c.Kind(ch) == ops.CtxDone }

// channel returns the channel of a case, nil for the default.
func channel(comm ast.Stmt) ast.Expr {
	var e ast.Expr
	switch s := comm.(type) {
	case *ast.SendStmt:
		return ast.Unparen(s.Chan)
	case *ast.ExprStmt:
		e = s.X
	case *ast.AssignStmt:
		e = s.Rhs[0]
	}
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok {
		return ast.Unparen(u.X)
	}
	return nil
}

// limits reports whether the channel is ready after some time by itself: it is a timer's,
// that of a context of the turn, or of one that is made with a limit, or it comes from something that is given a time.
func (c *checker) limits(ch ast.Expr, around ast.Stmt) bool {
	if c.owner(ch) != nil || c.timed(ch) {
		return true
	}
	if call, ok := ch.(*ast.CallExpr); ok && c.isDone(call) && c.ofTurn(source.Receiver(call), around) {
		return true
	}
	v := c.Var(ch)
	if call, ok := ch.(*ast.CallExpr); ok && c.isDone(call) {
		v = c.Var(source.Receiver(call)) // a context with a limit for all turns
		if v == nil || v.IsField() || c.madeByOthers(v) {
			return true
		}
	}
	if v == nil || v.IsField() {
		return false
	}
	for _, use := range c.Uses(v) {
		if s, ok := use.Parent().Node().(*ast.AssignStmt); ok && slices.Contains(s.Lhs, use.Node().(ast.Expr)) && slices.ContainsFunc(s.Rhs, c.timed) {
			return true
		}
	}
	return false
}

// madeByOthers reports whether the variable gets what a function of this package returns, which
// may have set a limit.
func (c *checker) madeByOthers(v *types.Var) bool {
	for _, use := range c.Uses(v) {
		s, ok := use.Parent().Node().(*ast.AssignStmt)
		if !ok || !slices.Contains(s.Lhs, use.Node().(ast.Expr)) || len(s.Rhs) != 1 {
			continue
		}
		if call, ok := s.Rhs[0].(*ast.CallExpr); ok {
			if fn, _ := typeutil.Callee(c.Pass.TypesInfo, call).(*types.Func); fn == nil || fn.Pkg() == c.Pass.Pkg {
				return true
			}
		}
	}
	return false
}

// timed reports whether a call in the expression is given a time, or a channel of times is
// the result.
func (c *checker) timed(e ast.Expr) bool {
	return source.Any(e, func(n ast.Node) bool {
		x, ok := n.(ast.Expr)
		if !ok {
			return false
		}
		t := c.Pass.TypesInfo.TypeOf(x)
		return t != nil && (isTime(t) || isTimes(t))
	})
}

func isTime(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "time"
}

func isTimes(t types.Type) bool {
	ch, ok := t.Underlying().(*types.Chan)
	return ok && isTime(ch.Elem())
}

// looksElsewhere reports whether something beside the select sees to it that the loop
// ends in time: it looks at the clock or a context, or leaves the loop behind the select.
func (c *checker) looksElsewhere(at inspector.Cursor, around ast.Stmt) bool {
	sel := at.Node()
	return source.Any(around, func(n ast.Node) bool {
		if source.Within(n, sel) {
			return false
		}
		switch n := n.(type) {
		case *ast.ReturnStmt:
			return n.Pos() > sel.End()
		case *ast.BranchStmt:
			return n.Pos() > sel.End() && n.Tok != token.CONTINUE
		case *ast.CallExpr:
			k := c.Kind(n)
			return k == ops.CtxErr || k == ops.CtxDone || c.timed(n)
		}
		return false
	})
}
