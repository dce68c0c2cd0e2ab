package semaphore

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// again looks for a second slot that is waited for while the first is held: in
// the function itself, or in one that it calls in the same goroutine, such as
// itself. When all slots are held by callers that wait for one more, nobody
// goes on. The semaphore must be the same object: a variable, a field of the
// same variable, or either passed to the parameter that the callee uses.
func (c *checker) again(o *op) {
	if o.try || c.drains(o) {
		return
	}
	if g := c.Graph(o.fn.Node()); g != nil {
		search := c.secondIn(o)
		if c.From(g, o.node, search.Search); search.at != nil {
			c.reportAgain(o, search)
			return
		}
	}
	// The goroutine that gets the slot.
	for lit := range o.fn.Preorder((*ast.FuncLit)(nil)) {
		if !c.Started(lit) || !c.holds(lit, o) {
			continue
		}
		if g := c.Graph(lit.Node()); g != nil {
			search := c.secondIn(o)
			if c.FromEntry(g, search.Search); search.at != nil {
				c.reportAgain(o, search)
				return
			}
		}
	}
}

// inCallback looks for a second slot in literals that the function is given and calls
// while it holds its own.
func (c *checker) inCallback(o *op) {
	g := c.Graph(o.fn.Node())
	if o.try || g == nil || c.drains(o) {
		return
	}
	_, typ := source.Body(o.fn.Node())
	i := -1
	for _, f := range typ.Params.List {
		for _, name := range f.Names {
			i++
			p := c.Var(name)
			if p == nil || !isFunc(p.Type()) || c.reassigned(o.fn, p) {
				continue
			}
			called := c.From(g, o.node, source.Search{
				Closes: c.fails(o),
				Hit:    func(n ast.Node) bool { return c.callsNow(n, p) },
				Ends:   func(n ast.Node) bool { return !source.Within(o.node, n) && c.gone(n, o) },
			})
			if called == nil {
				continue
			}
			for _, s := range c.sites {
				if s.callee.Node() != o.fn.Node() || i >= len(s.call.Args) {
					continue
				}
				lit, ok := ast.Unparen(s.call.Args[i]).(*ast.FuncLit)
				if !ok || c.report.Generated(s.call.Pos()) {
					continue
				}
				own, expr, ok := c.leave(s, o.sem)
				fn, found := s.cur.FindNode(lit)
				lg := c.Graph(lit)
				if !ok || !found || lg == nil {
					continue
				}
				here := &op{cur: s.cur, node: s.call, sem: own, expr: expr, fn: fn, acquire: true, result: -1, release: -1}
				search := c.secondIn(here)
				if c.FromEntry(lg, search.Search); search.at != nil {
					c.reportAgain(here, search)
				}
			}
		}
	}
}

// callsNow reports whether the node calls the parameter, not in a goroutine, deferred or in a literal.
func (c *checker) callsNow(n ast.Node, p *types.Var) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.GoStmt, *ast.DeferStmt:
			return false
		case *ast.CallExpr:
			found = found || c.Var(n.Fun) == p
		}
		return true
	})
	return found
}

// A second is a search for a second slot, and what it finds: the node that waits, and where the slot
// is taken.
type second struct {
	source.Search
	at, taken ast.Node
}

func (c *checker) secondIn(o *op) *second {
	s := &second{}
	s.Search = source.Search{
		Ends: func(n ast.Node) bool {
			return !source.Within(o.node, n) && c.gone(n, o)
		},
		Closes: c.fails(o),
		Hit: func(n ast.Node) bool {
			if source.Within(o.node, n) {
				return false // the next turn: see released
			}
			s.at, s.taken = c.blocksIn(n, o)
			return s.at != nil
		},
	}
	return s
}

func (c *checker) reportAgain(o *op, s *second) {
	what := o.name()
	f := diag.Finding{
		Pos: s.at.Pos(), End: s.at.End(), Category: heldAgain,
		Message: fmt.Sprintf("%s waits for a slot of %s (line %d) with one held since line %d: blocks forever when all are held so; release it before",
			describe(s.at), what, c.Line(s.taken), c.Line(o.node)),
		Related: source.Related(o.node, "the slot is taken here"),
	}
	switch {
	case c.awaits(s.at, o.fn, o, o.sem, make(map[visit]bool)) != nil:
		f.Message = fmt.Sprintf("%s waits for goroutines that want a slot of %s, and holds one since line %d: blocks forever when all are held so; release it before",
			describe(s.at), what, c.Line(o.node))
	case s.at == s.taken:
		f.Message = fmt.Sprintf("this waits for a slot of %s with one held since line %d: blocks forever when all are held so; release it before", what, c.Line(o.node))
	}
	c.report.Report(f)
}

func describe(n ast.Node) string {
	if call, ok := n.(*ast.CallExpr); ok {
		return source.Short(call.Fun)
	}
	return "this"
}

// gone reports whether the slot may be given back in the node at once: a
// deferred release comes only with the return.
func (c *checker) gone(n ast.Node, o *op) bool {
	if _, ok := n.(*ast.DeferStmt); ok || c.startsTaker(n, o) {
		return false
	}
	if at, _ := c.blocksIn(n, o); at != nil {
		return false
	}
	return c.mentions(n, o.sem)
}

// blocksIn returns the operation or call in the node that waits for a slot of
// the same semaphore, and where it does.
func (c *checker) blocksIn(n ast.Node, o *op) (at, second ast.Node) {
	switch n.(type) {
	case *ast.GoStmt, *ast.DeferStmt:
		return nil, nil
	}
	for _, p := range c.by[o.sem.v] {
		if p.acquire && !p.try && p != o && p.sem == o.sem && p.fn == o.fn && source.Within(p.node, n) && !c.drains(p) {
			return p.node, p.node
		}
	}
	ast.Inspect(n, func(n ast.Node) bool {
		if n != nil && at == nil {
			if s := c.awaits(n, o.fn, o, o.sem, make(map[visit]bool)); s != nil && o.node.End() <= n.Pos() {
				at, second = n, s
			}
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if at == nil {
				if s := c.waits(n, o, o.sem, make(map[visit]bool)); s != nil {
					at, second = n, s
				}
			}
		}
		return at == nil
	})
	return at, second
}

type visit struct {
	fn  ast.Node
	sem sem
}

// waits returns where the callee, or what it calls, waits for a slot; or, where that comes
// back to o, what it starts and waits for.
func (c *checker) waits(call *ast.CallExpr, o *op, s sem, seen map[visit]bool) ast.Node {
	fn, in, ok := c.enter(call, s)
	if !ok || seen[visit{fn.Node(), in}] || len(seen) > 32 {
		return nil
	}
	seen[visit{fn.Node(), in}] = true
	for _, p := range c.by[in.v] {
		if p.acquire && !p.try && p.sem == in && p.fn == fn && !c.drains(p) && !c.flagged(fn, p.node) && c.stillHeld(fn, p.node, in) {
			return p.node
		}
	}
	var found ast.Node
	fn.Inspect([]ast.Node{(*ast.FuncLit)(nil), (*ast.GoStmt)(nil), (*ast.CallExpr)(nil)}, func(cur inspector.Cursor) bool {
		switch n := cur.Node().(type) {
		case *ast.FuncLit:
			return cur == fn
		case *ast.GoStmt:
			return false
		case *ast.CallExpr:
			if found != nil || c.isOp(n) {
				break
			}
			if found = c.waits(n, o, in, seen); found != nil && (c.flagged(fn, n) || !c.stillHeld(fn, n, in)) {
				found = nil
			}
		}
		return found == nil
	})
	if found == nil {
		found = c.awaitsAny(fn, o, in, seen)
	}
	return found
}

// isOp reports whether the call takes or gives back a slot for its function.
func (c *checker) isOp(call *ast.CallExpr) bool {
	return slices.ContainsFunc(c.ops, func(o *op) bool { return o.node == ast.Node(call) })
}

// stillHeld reports whether the function comes to the node without anything before it that
// may give the slot back which its caller has.
func (c *checker) stillHeld(fn inspector.Cursor, at ast.Node, s sem) bool {
	g := c.Graph(fn.Node())
	return g != nil && c.FromEntry(g, source.Search{
		Hit: func(n ast.Node) bool { return source.Within(at, n) },
		Ends: func(n ast.Node) bool {
			_, deferred := n.(*ast.DeferStmt)
			return !deferred && c.mentions(n, s)
		},
	}) != nil
}

// flagged reports whether the function is told by a bool whether to take the slot: by a
// parameter, or a field that the node depends on.
func (c *checker) flagged(fn inspector.Cursor, at ast.Node) bool {
	is := func(n ast.Node, f func(*types.Var) bool) bool {
		return source.Any(n, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return false
			}
			v := c.Var(id)
			if v == nil {
				return false
			}
			b, ok := v.Type().Underlying().(*types.Basic)
			return ok && b.Info()&types.IsBoolean != 0 && f(v)
		})
	}
	for cur := range fn.Preorder((*ast.IfStmt)(nil), (*ast.SwitchStmt)(nil)) {
		var conds []ast.Node
		switch n := cur.Node().(type) {
		case *ast.IfStmt:
			conds = append(conds, n.Cond)
		case *ast.SwitchStmt:
			for _, s := range n.Body.List {
				for _, e := range s.(*ast.CaseClause).List {
					conds = append(conds, e)
				}
			}
			if n.Tag != nil {
				conds = append(conds, n.Tag)
			}
		}
		for _, cond := range conds {
			if is(cond, func(v *types.Var) bool { return c.paramOf(fn, v) || v.IsField() && source.Within(at, cur.Node()) }) {
				return true
			}
		}
	}
	return false
}

// enter returns the function that is called, and the semaphore as it names it.
func (c *checker) enter(call *ast.CallExpr, s sem) (inspector.Cursor, sem, bool) {
	fn, ok := c.called(call)
	if !ok {
		return fn, s, false
	}
	root := s.root()
	if !source.Local(root) {
		return fn, s, true // of the package
	}
	_, lit := fn.Node().(*ast.FuncLit)
	if lit && !(fn.Node().Pos() <= root.Pos() && root.Pos() < fn.Node().End()) {
		return fn, s, true // captured
	}
	path := s.path()
	for p, arg := range c.arguments(call, fn) {
		if outer := c.argument(call, arg); p != nil && len(outer) > 0 && len(outer) <= len(path) && slices.Equal(outer, path[:len(outer)]) {
			in, ok := semAt(append([]*types.Var{p}, path[len(outer):]...))
			return fn, in, ok
		}
	}
	return fn, s, false
}

// literal returns the only function literal that the variable is set to.
func (c *checker) literal(v *types.Var) (inspector.Cursor, bool) {
	if v == nil {
		return inspector.Cursor{}, false
	}
	lit, ok := c.lits[v]
	if !ok {
		if lit, ok = c.onlyLiteral(v); !ok {
			lit = inspector.Cursor{}
		}
		c.lits[v] = lit
	}
	return lit, lit.Valid()
}

func (c *checker) onlyLiteral(v *types.Var) (inspector.Cursor, bool) {
	var found inspector.Cursor
	n := 0
	if !source.Local(v) {
		return found, false
	}
	for _, use := range c.Uses(v) {
		s, ok := use.Parent().Node().(*ast.AssignStmt)
		if !ok {
			continue
		}
		for i, lhs := range s.Lhs {
			if lhs != use.Node() || len(s.Lhs) != len(s.Rhs) {
				continue
			}
			n++
			if lit, ok := ast.Unparen(s.Rhs[i]).(*ast.FuncLit); ok {
				found, _ = use.Parent().FindNode(lit)
			}
		}
	}
	return found, n == 1 && found.Valid()
}
