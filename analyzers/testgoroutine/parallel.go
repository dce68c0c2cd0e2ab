package testgoroutine

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// A subtest is a literal that a test runs and that calls Parallel: it goes on
// from there when the test's own function has returned.
type subtest struct {
	cur  inspector.Cursor
	lit  *ast.FuncLit
	from token.Pos // behind the call of Parallel
	loop ast.Node  // of the test around the call of Run, or nil
}

// test looks at a test's function with its parallel subtests.
func (c *checker) test(cur inspector.Cursor) {
	t := c.testParam(cur.Node())
	body, _ := source.Body(cur.Node())
	if t == nil || body == nil {
		return
	}
	var subs []subtest
	for in := range cur.Preorder((*ast.CallExpr)(nil)) {
		call := in.Node().(*ast.CallExpr)
		if fn, _ := source.Func(in); fn != cur {
			continue
		}
		recv := source.Receiver(call)
		if recv == nil || c.Var(recv) != t {
			continue
		}
		if c.Kind(call) == ops.TestRun {
			if s, ok := c.subtest(in, call); ok {
				subs = append(subs, s)
			}
		}
	}
	c.environment(t, body)
	if len(subs) > 0 {
		c.shared(cur, subs)
		c.defers(cur, subs)
	}
}

// atTop reports whether the call is a statement of the function's own block.
func atTop(cur inspector.Cursor, body *ast.BlockStmt) bool {
	s, ok := cur.Parent().Node().(*ast.ExprStmt)
	return ok && slices.Contains(body.List, ast.Stmt(s))
}

func (c *checker) subtest(cur inspector.Cursor, run *ast.CallExpr) (subtest, bool) {
	if len(run.Args) != 2 {
		return subtest{}, false
	}
	lit, ok := ast.Unparen(run.Args[1]).(*ast.FuncLit)
	if !ok {
		return subtest{}, false
	}
	in, ok := cur.FindNode(lit)
	t := c.testParam(lit)
	if !ok || t == nil {
		return subtest{}, false
	}
	s := subtest{cur: in, lit: lit}
	for up := range cur.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		switch up.Node().(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			s.loop = up.Node()
		}
		break
	}
	for p := range in.Preorder((*ast.CallExpr)(nil)) {
		call := p.Node().(*ast.CallExpr)
		if c.Kind(call) == ops.TestParallel && c.Var(source.Receiver(call)) == t && atTop(p, lit.Body) {
			s.from = call.End()
			return s, true
		}
	}
	return subtest{}, false
}

// shared looks for a variable of the test that a parallel subtest assigns and
// that another one, or itself in another turn of the loop, uses as well.
func (c *checker) shared(test inspector.Cursor, subs []subtest) {
	seen := make(map[*types.Var]bool)
	for _, s := range subs {
		if c.locks(s.lit) {
			continue
		}
		for id := range s.cur.Preorder((*ast.Ident)(nil)) {
			v := c.Var(id.Node().(*ast.Ident))
			if id.Node().Pos() < s.from || !source.Local(v) || seen[v] || !c.writes(id) || !c.outside(v, s, test) {
				continue
			}
			other := c.otherUse(v, s, subs)
			if other == nil {
				continue
			}
			seen[v] = true
			where := "in the other turns of the loop"
			if other != id.Node() {
				where = fmt.Sprintf("on line %d", c.Line(other))
			}
			c.report.Report(diag.Finding{
				Pos: id.Node().Pos(), End: id.Node().End(), Category: parallelWrite,
				Message: fmt.Sprintf("the assignment to %s races with its use %s: parallel subtests share it; declare it in the subtest", v.Name(), where),
				Related: []analysis.RelatedInformation{{Pos: v.Pos(), End: v.Pos() + token.Pos(len(v.Name())), Message: "declared here, for all subtests"}},
			})
		}
	}
}

// outside reports whether the variable belongs to the test, not to a subtest
// nor to one turn of its loop.
func (c *checker) outside(v *types.Var, s subtest, test inspector.Cursor) bool {
	body, _ := source.Body(test.Node())
	if v.Pos() < body.Pos() || v.Pos() >= body.End() || s.lit.Pos() <= v.Pos() && v.Pos() < s.lit.End() {
		return false
	}
	return s.loop == nil || v.Pos() < s.loop.Pos() || v.Pos() >= s.loop.End()
}

// writes reports whether the identifier is assigned, or an entry of the map
// that it is.
func (c *checker) writes(id inspector.Cursor) bool {
	e := id
	if x, ok := e.Parent().Node().(*ast.IndexExpr); ok && x.X == e.Node() {
		t := c.Pass.TypesInfo.TypeOf(x.X)
		if t == nil {
			return false
		}
		if _, ok := t.Underlying().(*types.Map); !ok {
			return false
		}
		e = e.Parent()
	}
	switch s := e.Parent().Node().(type) {
	case *ast.AssignStmt:
		return slices.ContainsFunc(s.Lhs, func(l ast.Expr) bool { return l == e.Node() })
	case *ast.IncDecStmt:
		return s.X == e.Node()
	}
	return false
}

// otherUse returns a use in another parallel subtest, or the write itself when
// the subtest is run in a loop.
func (c *checker) otherUse(v *types.Var, s subtest, subs []subtest) ast.Node {
	for _, use := range c.Uses(v) {
		n := use.Node()
		for _, o := range subs {
			if o.lit != s.lit && source.Within(n, o.lit) && n.Pos() > o.from && !c.locks(o.lit) {
				return n
			}
		}
	}
	if s.loop != nil {
		for _, use := range c.Uses(v) {
			if n := use.Node(); source.Within(n, s.lit) && n.Pos() > s.from && c.writes(use) {
				return n
			}
		}
	}
	return nil
}

// locks reports whether the subtest takes a lock or the like.
func (c *checker) locks(lit *ast.FuncLit) bool {
	return source.Any(lit.Body, func(n ast.Node) bool {
		switch c.Kind(n) {
		case ops.Lock, ops.RLock, ops.OnceDo, ops.SemAcquire:
			return true
		}
		return false
	})
}

// defers looks for a deferred call of the test that takes away what its
// parallel subtests use: they go on after it.
func (c *checker) defers(test inspector.Cursor, subs []subtest) {
	for d := range test.Preorder((*ast.DeferStmt)(nil)) {
		if fn, _ := source.Func(d); fn != test {
			continue
		}
		s := d.Node().(*ast.DeferStmt)
		v, uses := c.takesAway(test, s, subs)
		if v == nil {
			continue
		}
		what := source.Short(s.Call.Fun)
		if _, ok := s.Call.Fun.(*ast.FuncLit); ok {
			what = "the deferred function"
		}
		c.report.Report(diag.Finding{
			Pos: s.Pos(), End: s.Call.Fun.End(), Category: deferBeforeParallel,
			Message: fmt.Sprintf("%s runs before the parallel subtest that uses %s (line %d) goes on; use Cleanup of the test", what, v.Name(), c.Line(uses)),
			Related: source.Related(uses, "used when the deferred call has run"),
		})
	}
}

// takesAway returns the variable that the deferred call works on and a parallel
// subtest uses, with that use.
func (c *checker) takesAway(test inspector.Cursor, s *ast.DeferStmt, subs []subtest) (*types.Var, ast.Node) {
	body, _ := source.Body(test.Node())
	call := s.Call
	if lit, ok := call.Fun.(*ast.FuncLit); ok {
		// A function of one call.
		if len(lit.Body.List) != 1 {
			return nil, nil
		}
		x, ok := lit.Body.List[0].(*ast.ExprStmt)
		if !ok {
			return nil, nil
		}
		if call, ok = x.X.(*ast.CallExpr); !ok {
			return nil, nil
		}
	}
	switch op := c.Op(call); {
	case op.Format, op.Kind == ops.WgWait, op.Kind == ops.Unlock, op.Kind == ops.RUnlock, op.Kind == ops.TestLog, c.Builtin(call) != "" && c.Builtin(call) != "close":
		return nil, nil
	}
	var vars []*types.Var
	if recv := source.Receiver(call); recv != nil && len(call.Args) == 0 {
		vars = append(vars, c.Var(recv))
	}
	if c.Var(call.Fun) != nil && ops.IsCancel(c.Var(call.Fun).Type()) {
		vars = append(vars, c.contextOf(c.Var(call.Fun)))
	}
	for _, arg := range call.Args {
		vars = append(vars, c.Var(arg))
	}
	for _, v := range vars {
		if !source.Local(v) || v.Pos() < body.Pos() || v.Pos() >= body.End() || ops.CanEndTest(v.Type()) {
			continue
		}
		for _, use := range c.Uses(v) {
			for _, sub := range subs {
				if source.Within(use.Node(), sub.lit) && use.Node().Pos() > sub.from && sub.lit.Pos() > v.Pos() {
					return v, use.Node()
				}
			}
		}
	}
	return nil, nil
}

// contextOf returns the context that the function cancels.
func (c *checker) contextOf(cancel *types.Var) *types.Var {
	for _, use := range c.Uses(cancel) {
		s, ok := use.Parent().Node().(*ast.AssignStmt)
		if !ok || len(s.Lhs) != 2 || s.Lhs[1] != use.Node() {
			continue
		}
		switch c.Kind(s.Rhs[0]) {
		case ops.CtxWithCancel, ops.CtxWithTimeout:
			return c.Var(s.Lhs[0])
		}
	}
	return nil
}
