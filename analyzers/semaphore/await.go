package semaphore

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// Who waits for goroutines waits for the slots that they wait for. One level of that is
// fine, as long as there is a slot more than there are such waiters; so it counts only
// where it comes back to the same function, and there is a level more each time.

// A child is a goroutine that a function starts.
type child struct {
	body  inspector.Cursor // the literal, or the go statement of a call
	start ast.Node
	group *types.Var // whose Go starts it
}

// children returns the goroutines that the function starts itself.
func (c *checker) children(fn inspector.Cursor) (list []child) {
	fn.Inspect([]ast.Node{(*ast.FuncLit)(nil), (*ast.GoStmt)(nil), (*ast.CallExpr)(nil)}, func(cur inspector.Cursor) bool {
		switch n := cur.Node().(type) {
		case *ast.FuncLit:
			return cur == fn
		case *ast.GoStmt:
			body := cur
			if lit, ok := ast.Unparen(n.Call.Fun).(*ast.FuncLit); ok {
				body, _ = cur.FindNode(lit)
			}
			list = append(list, child{body: body, start: n})
			return false
		case *ast.CallExpr:
			if k := c.Kind(n); k != ops.WgGo && k != ops.GroupGo || len(n.Args) != 1 {
				break
			}
			if lit, ok := ast.Unparen(n.Args[0]).(*ast.FuncLit); ok {
				body, _ := cur.FindNode(lit)
				list = append(list, child{body, n, c.Var(source.Receiver(n))})
			}
		}
		return true
	})
	return list
}

// startsTaker reports whether the node starts a goroutine that takes a slot of its own,
// which it gives back, and not the one that is held.
func (c *checker) startsTaker(n ast.Node, o *op) bool {
	for _, ch := range c.children(o.fn) {
		if _, lit := ch.body.Node().(*ast.FuncLit); lit && c.holds(ch.body, o) {
			continue
		}
		if source.Within(ch.start, n) && c.takenIn(ch, o, o.sem, make(map[visit]bool)) != nil {
			return true
		}
	}
	return false
}

// awaitsAny returns o if the function waits for a goroutine of its own that gets there.
func (c *checker) awaitsAny(fn inspector.Cursor, o *op, s sem, seen map[visit]bool) (found ast.Node) {
	fn.Inspect([]ast.Node{(*ast.FuncLit)(nil), (*ast.GoStmt)(nil), (*ast.CallExpr)(nil), (*ast.UnaryExpr)(nil), (*ast.RangeStmt)(nil)}, func(cur inspector.Cursor) bool {
		switch cur.Node().(type) {
		case *ast.FuncLit:
			return cur == fn
		case *ast.GoStmt:
			return false
		}
		if found == nil {
			found = c.awaits(cur.Node(), fn, o, s, seen)
		}
		return found == nil
	})
	return found
}

// awaits returns o if the node waits for a goroutine that the function has started, and
// that gets there.
func (c *checker) awaits(n ast.Node, fn inspector.Cursor, o *op, s sem, seen map[visit]bool) ast.Node {
	v := c.waitedFor(n)
	if v == nil {
		return nil
	}
	for _, ch := range c.children(fn) {
		if ch.start.Pos() > n.Pos() {
			continue
		}
		if at := c.takenIn(ch, o, s, seen); at != nil && c.tells(ch, v, at) {
			return o.node
		}
	}
	return nil
}

// waitedFor returns the group or channel that the node waits for.
func (c *checker) waitedFor(n ast.Node) *types.Var {
	switch n := n.(type) {
	case *ast.CallExpr:
		if k := c.Kind(n); k == ops.WgWait || k == ops.GroupWait {
			return c.Var(source.Receiver(n))
		}
	case *ast.UnaryExpr:
		if n.Op == token.ARROW && !c.choice(n) {
			return c.Var(n.X)
		}
	case *ast.RangeStmt:
		if v := c.Var(n.X); v != nil && isChan(v) {
			return v
		}
	}
	return nil
}

// choice reports whether the receive is a case of a select.
func (c *checker) choice(recv ast.Node) bool {
	cur, ok := c.Root.FindNode(recv)
	if !ok {
		return true
	}
	for up := range cur.Enclosing((*ast.CommClause)(nil), (*ast.FuncLit)(nil)) {
		clause, ok := up.Node().(*ast.CommClause)
		return ok && clause.Comm != nil && source.Within(recv, clause.Comm)
	}
	return false
}

// takenIn returns where the goroutine takes a slot, itself or by a call, as o does.
func (c *checker) takenIn(ch child, o *op, s sem, seen map[visit]bool) (at ast.Node) {
	if o.fn == ch.body && o.sem == s {
		return o.node
	}
	ch.body.Inspect([]ast.Node{(*ast.FuncLit)(nil), (*ast.GoStmt)(nil), (*ast.CallExpr)(nil)}, func(cur inspector.Cursor) bool {
		switch n := cur.Node().(type) {
		case *ast.FuncLit, *ast.GoStmt:
			return cur == ch.body
		case *ast.CallExpr:
			if at == nil && c.waits(n, o, s, seen) == o.node {
				at = n
			}
		}
		return at == nil
	})
	return at
}

// tells reports whether who waits for the group or channel waits until the goroutine is
// past the node.
func (c *checker) tells(ch child, v *types.Var, at ast.Node) bool {
	if ch.group == v {
		return true
	}
	if g, ok := ch.start.(*ast.GoStmt); ok && ch.body.Node() == ast.Node(g) {
		for _, arg := range g.Call.Args { // which does so at its end
			if u, ok := ast.Unparen(arg).(*ast.UnaryExpr); ok && u.Op == token.AND {
				arg = u.X
			}
			if c.Var(arg) == v && !isChan(v) {
				return true
			}
		}
		return false
	}
	return source.Any(ch.body.Node(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.DeferStmt:
			return c.Kind(n.Call) == ops.WgDone && c.Var(source.Receiver(n.Call)) == v || c.Builtin(n.Call) == "close" && c.Var(n.Call.Args[0]) == v
		case *ast.SendStmt:
			return c.Var(n.Chan) == v && n.End() >= at.End()
		}
		return false
	})
}
