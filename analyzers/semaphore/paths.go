package semaphore

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// mentions reports whether the node names the semaphore, other than by taking a slot, a
// function that may give slots back, or the one that the acquire has returned for that; or
// whether the names mean something else from there on. Whatever is done there may give
// the slot back or hand it on.
func (c *checker) mentions(n ast.Node, s sem) bool {
	path := s.path()
	return source.Any(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			v := c.Var(n)
			if v != nil && (v == s.v && !c.acquires(n) || c.tokens[v] == s.v) {
				return true
			}
			return slices.ContainsFunc(c.functions(n), func(fn inspector.Cursor) bool { return c.gives(fn, s.v) })
		case *ast.AssignStmt:
			return slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { return slices.Contains(path, c.Var(e)) })
		}
		return false
	})
}

// acquires reports whether the identifier is the semaphore of an acquire, or
// of what only looks: len, cap, or a method that gives nothing back.
func (c *checker) acquires(id *ast.Ident) bool {
	for _, o := range c.by[c.Var(id)] {
		if o.acquire && o.expr != nil && source.Within(id, o.expr) {
			return true
		}
	}
	cur, ok := c.Root.FindNode(id)
	if !ok {
		return false
	}
	if sel, ok := cur.Parent().Node().(*ast.SelectorExpr); ok && sel.Sel == id {
		cur = cur.Parent()
	}
	switch up := cur.Parent().Node().(type) {
	case *ast.CallExpr:
		return c.Builtin(up) == "len" || c.Builtin(up) == "cap"
	case *ast.SelectorExpr:
		call, ok := cur.Parent().Parent().Node().(*ast.CallExpr)
		return ok && call.Fun == up && c.looks(call)
	}
	return false
}

// looks reports whether the method that is called on a channel does not give anything back.
func (c *checker) looks(call *ast.CallExpr) bool {
	decl, ok := c.Decl(c.Callee(call))
	if !ok || c.depth > maxDepth {
		return false
	}
	d := decl.Node().(*ast.FuncDecl)
	if d.Recv == nil || d.Body == nil || len(d.Recv.List[0].Names) == 0 {
		return d.Body != nil
	}
	c.depth++
	defer func() { c.depth-- }()
	return !c.mentions(d.Body, sem{v: c.Var(d.Recv.List[0].Names[0])})
}

// released looks for a return, or the next turn of a loop, with the slot
// taken, and reports whether there is one. The slots of a local channel are nobody's concern after the return.
func (c *checker) released(o *op) bool {
	if c.drains(o) || c.deferredBefore(o) {
		return false
	}
	g := c.Graph(o.fn.Node())
	if g == nil {
		return false
	}
	search := source.Search{
		Ends:   func(n ast.Node) bool { return !source.Within(o.node, n) && c.mentions(n, o.sem) },
		Closes: c.fails(o),
	}
	if !c.own(o) {
		if ret := c.From(g, o.node, c.silently(o)); ret != nil && !c.reportsSuccess(ret) && !c.handsOn(ret, o) &&
			(c.fruitless(ret) || c.accounted(o.sem.v)) && !c.callerGives(o) {
			c.lost(o, ret, fmt.Sprintf("the return on line %d keeps the slot of %s taken here", c.Line(ret), o.name()))
			return true
		}
	}
	search.Hit = func(n ast.Node) bool { return source.Within(o.node, n) }
	if c.From(g, o.node, search) != nil {
		c.lost(o, o.node, fmt.Sprintf("a turn of the loop can end with the slot of %s that it takes here", o.name()))
		return true
	}
	// The goroutine that gets the slot.
	for lit := range o.fn.Preorder((*ast.FuncLit)(nil)) {
		if !c.Started(lit) || !c.holds(lit, o) {
			continue
		}
		lg := c.Graph(lit.Node())
		if lg == nil {
			continue
		}
		if ret := c.FromEntry(lg, source.Search{Ends: func(n ast.Node) bool { return c.mentions(n, o.sem) }}); ret != nil {
			c.lost(o, ret, fmt.Sprintf("the return on line %d keeps the slot of %s taken here", c.Line(ret), o.name()))
			return true
		}
	}
	return false
}

func (c *checker) lost(o *op, at ast.Node, what string) {
	f := diag.Finding{
		Pos: o.node.Pos(), End: o.node.End(), Category: notReleased,
		Message: what + ": when all are lost, taking one blocks forever; defer the release",
	}
	if at != o.node && at.End() > at.Pos() && at.Pos() < o.fn.Node().End() {
		f.Related = source.Related(at, "here the slot is lost")
	}
	c.report.Report(f)
}

// drains reports whether the acquire is in a loop that does nothing else: it
// takes all slots to wait until nobody has one.
func (c *checker) drains(o *op) bool {
	var body *ast.BlockStmt
	for up := range o.cur.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncLit)(nil)) {
		switch n := up.Node().(type) {
		case *ast.ForStmt:
			body = n.Body
		case *ast.RangeStmt:
			body = n.Body
		}
		break
	}
	return body != nil && !slices.ContainsFunc(body.List, func(s ast.Stmt) bool {
		switch s := s.(type) {
		case *ast.SendStmt:
			return false
		case *ast.ExprStmt:
			return !slices.ContainsFunc(c.ops, func(p *op) bool { return p.acquire && p.node == s.X })
		}
		return !source.Within(o.node, s)
	})
}

// own reports whether the semaphore is a local variable of the function.
func (c *checker) own(o *op) bool {
	body, _ := source.Body(o.fn.Node())
	return source.Local(o.sem.v) && body.Pos() <= o.sem.v.Pos() && o.sem.v.Pos() < body.End()
}

// holds reports whether the goroutine gives back what the function takes.
func (c *checker) holds(lit inspector.Cursor, o *op) bool {
	gives := false
	for _, r := range c.by[o.sem.v] {
		if r.sem != o.sem || !lit.Contains(r.fn) {
			continue
		}
		if r.acquire {
			return false
		}
		gives = true
	}
	return gives && lit != o.fn
}

// reportsSuccess reports whether the return tells the caller that it has the
// slot: true, or a function to give it back.
func (c *checker) reportsSuccess(ret ast.Node) bool {
	r, ok := ret.(*ast.ReturnStmt)
	if !ok {
		return false
	}
	for _, e := range r.Results {
		if tv := c.Pass.TypesInfo.Types[e]; tv.Value != nil && tv.Value.String() == "true" {
			return true
		}
		if t := c.Pass.TypesInfo.TypeOf(e); t != nil {
			if _, ok := t.Underlying().(*types.Signature); ok && !c.Pass.TypesInfo.Types[e].IsNil() {
				return true
			}
		}
	}
	return false
}

// handsOn reports whether the return gives the caller an object, without an error,
// and a function that is not called here gives slots back: that of the object,
// when it is done with.
func (c *checker) handsOn(ret ast.Node, o *op) bool {
	r, ok := ret.(*ast.ReturnStmt)
	if !ok || len(r.Results) == 0 {
		return false
	}
	gives := false
	for i, e := range r.Results {
		t := c.Pass.TypesInfo.TypeOf(e)
		isNil := c.Pass.TypesInfo.Types[e].IsNil()
		if i == len(r.Results)-1 && t != nil && (isNil || source.IsError(t)) {
			if !isNil {
				return false
			}
			continue
		}
		if t == nil || isNil {
			continue
		}
		switch t.Underlying().(type) {
		case *types.Pointer, *types.Interface, *types.Struct:
			gives = true
		}
	}
	if !gives {
		return false
	}
	decl, _ := source.Outermost(o.fn)
	for _, use := range c.Uses(o.sem.v) {
		up := use.Parent()
		if _, ok := up.Node().(*ast.SelectorExpr); ok {
			up = up.Parent()
		}
		in, ok := source.Outermost(use)
		if !ok || in == decl {
			continue
		}
		switch n := up.Node().(type) {
		case *ast.UnaryExpr: // a receive
			return true
		case *ast.SelectorExpr:
			if call, ok := up.Parent().Node().(*ast.CallExpr); ok && call.Fun == n && c.Kind(call) == ops.SemRelease {
				return true
			}
		}
	}
	return false
}

// fails returns what tells that the acquire has not got the slot.
func (c *checker) fails(o *op) func(ast.Expr, bool) bool {
	result := c.resultVar(o)
	is := func(e ast.Expr) bool {
		return result != nil && c.Var(e) == result && !c.setBetween(result, o.node, e)
	}
	return func(cond ast.Expr, value bool) bool {
		switch e := ast.Unparen(cond).(type) {
		case *ast.CallExpr:
			return e == o.node && !value
		case *ast.Ident:
			return is(e) && !value
		case *ast.BinaryExpr:
			if tv := c.Pass.TypesInfo.Types[e.Y]; tv.Value != nil && tv.Value.Kind() == constant.Bool && (ast.Unparen(e.X) == o.node || is(e.X)) {
				return (constant.BoolVal(tv.Value) == (e.Op == token.EQL)) != value
			} else if !tv.IsNil() {
				return false
			}
			if ast.Unparen(e.X) == o.node || is(e.X) {
				return (e.Op == token.NEQ) == value
			}
		}
		return false
	}
}
