package semaphore

import (
	"fmt"
	"go/ast"
	"go/types"

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
	var at, second ast.Node
	search := source.Search{
		Ends: func(n ast.Node) bool {
			return !source.Within(o.node, n) && c.gone(n, o)
		},
		Closes: c.fails(o),
		Hit: func(n ast.Node) bool {
			if source.Within(o.node, n) {
				return false // the next turn: see released
			}
			at, second = c.blocksIn(n, o)
			return at != nil
		},
	}
	if g := c.Graph(o.fn.Node()); g != nil {
		c.From(g, o.node, search)
	}
	// The goroutine that gets the slot.
	for lit := range o.fn.Preorder((*ast.FuncLit)(nil)) {
		if at == nil && c.Started(lit) && c.holds(lit, o) {
			if g := c.Graph(lit.Node()); g != nil {
				c.FromEntry(g, search)
			}
		}
	}
	if at == nil {
		return
	}
	what := source.Short(o.expr)
	f := diag.Finding{
		Pos: at.Pos(), End: at.End(), Category: heldAgain,
		Message: fmt.Sprintf("%s waits for a slot of %s (line %d) with one held since line %d: blocks forever when all are held so; release it before",
			describe(at), what, c.Line(second), c.Line(o.node)),
		Related: source.Related(o.node, "the slot is taken here"),
	}
	switch {
	case c.awaits(at, o.fn, o, o.sem, make(map[visit]bool)) != nil:
		f.Message = fmt.Sprintf("%s waits for goroutines that want a slot of %s, and holds one since line %d: blocks forever when all are held so; release it before",
			describe(at), what, c.Line(o.node))
	case at == second:
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
		if p.acquire && !p.try && p.sem == in && p.fn == fn && !c.drains(p) {
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
			if found == nil {
				found = c.waits(n, o, in, seen)
			}
		}
		return found == nil
	})
	if found == nil {
		found = c.awaitsAny(fn, o, in, seen)
	}
	return found
}

// enter returns the function that is called, and the semaphore as it names it.
func (c *checker) enter(call *ast.CallExpr, s sem) (inspector.Cursor, sem, bool) {
	if decl, ok := c.Decl(c.Callee(call)); ok {
		d := decl.Node().(*ast.FuncDecl)
		if d.Body == nil {
			return decl, s, false
		}
		if s.base == nil && !source.Local(s.v) {
			return decl, s, true // of the package
		}
		if recv := source.Receiver(call); d.Recv != nil && s.base != nil && recv != nil && c.Var(recv) == s.base && len(d.Recv.List[0].Names) > 0 {
			return decl, sem{s.v, c.Var(d.Recv.List[0].Names[0])}, true
		}
		params := c.Callee(call).Origin().Signature().Params()
		for i, arg := range call.Args {
			if i >= params.Len() {
				break
			}
			switch v := c.Var(arg); {
			case v == nil:
			case s.base != nil && v == s.base:
				return decl, sem{s.v, params.At(i)}, true
			case v == s.v && s.base == nil:
				return decl, sem{v: params.At(i)}, true
			}
		}
		return decl, s, false
	}
	// A function literal in a variable, which captures the semaphore.
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return inspector.Cursor{}, s, false
	}
	lit, ok := c.literal(c.Var(id))
	if !ok {
		return lit, s, false
	}
	own := s.v
	if s.base != nil {
		own = s.base
	}
	inside := lit.Node().Pos() <= own.Pos() && own.Pos() < lit.Node().End()
	return lit, s, !inside
}

// literal returns the only function literal that the variable is set to.
func (c *checker) literal(v *types.Var) (inspector.Cursor, bool) {
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
