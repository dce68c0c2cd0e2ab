package semaphore

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// mentions reports whether the node names the semaphore, or the object that
// has it, other than by taking a slot: whatever is done with it there may give
// the slot back or hand it on.
func (c *checker) mentions(n ast.Node, s sem) bool {
	return source.Any(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			return c.Var(n) == s.v && !c.acquires(n)
		case *ast.FuncLit:
			return s.base != nil && c.uses(n, s)
		case *ast.CallExpr:
			return s.base != nil && c.gives(n, s)
		}
		return false
	})
}

// acquires reports whether the identifier is the semaphore of an acquire, or
// of what only looks: len, cap.
func (c *checker) acquires(id *ast.Ident) bool {
	for _, o := range c.by[c.Var(id)] {
		if o.acquire && source.Within(id, o.expr) {
			return true
		}
	}
	cur, ok := c.Root.FindNode(id)
	if !ok {
		return false
	}
	up := cur.Parent()
	if sel, ok := up.Node().(*ast.SelectorExpr); ok && sel.Sel == id {
		up = up.Parent()
	}
	call, ok := up.Node().(*ast.CallExpr)
	return ok && (c.Builtin(call) == "len" || c.Builtin(call) == "cap")
}

// uses reports whether the literal names the field of the semaphore.
func (c *checker) uses(lit *ast.FuncLit, s sem) bool {
	return source.Any(lit.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		return ok && c.Var(id) == s.v
	})
}

// gives reports whether the call is of a function of the package that gives
// back a slot of the semaphore, or may.
func (c *checker) gives(call *ast.CallExpr, s sem) bool {
	return c.reaches(c.Callee(call), func(r *op) bool { return !r.acquire && r.sem.v == s.v }, 0)
}

// reaches reports whether the function, or one of the package that it calls,
// has such an operation.
func (c *checker) reaches(fn *types.Func, is func(*op) bool, depth int) bool {
	decl, ok := c.Decl(fn)
	if !ok || depth > 4 {
		return false
	}
	for _, o := range c.ops {
		if is(o) && decl.Contains(o.fn) {
			return true
		}
	}
	for cur := range decl.Preorder((*ast.CallExpr)(nil)) {
		if f := c.Callee(cur.Node().(*ast.CallExpr)); f != nil && f != fn && c.reaches(f.Origin(), is, depth+1) {
			return true
		}
	}
	return false
}

// released looks for a return, or the next turn of a loop, with the slot
// taken. The slots of a local channel are nobody's concern after the return.
func (c *checker) released(o *op) {
	if c.drains(o) || c.deferredBefore(o) {
		return
	}
	g := c.Graph(o.fn.Node())
	if g == nil {
		return
	}
	search := source.Search{
		Ends:   func(n ast.Node) bool { return !source.Within(o.node, n) && c.mentions(n, o.sem) },
		Closes: c.fails(o),
	}
	if !c.own(o) {
		if ret := c.From(g, o.node, search); ret != nil && !c.reportsSuccess(ret) && !c.handsOn(ret, o) {
			c.lost(o, ret, fmt.Sprintf("the return on line %d keeps the slot of %s taken here", c.Line(ret), source.Short(o.expr)))
			return
		}
	}
	search.Hit = func(n ast.Node) bool { return source.Within(o.node, n) }
	if c.From(g, o.node, search) != nil {
		c.lost(o, o.node, fmt.Sprintf("a turn of the loop can end with the slot of %s that it takes here", source.Short(o.expr)))
		return
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
			c.lost(o, ret, fmt.Sprintf("the return on line %d keeps the slot of %s taken here", c.Line(ret), source.Short(o.expr)))
			return
		}
	}
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
		_, ok := s.(*ast.SendStmt)
		return !ok && !source.Within(o.node, s)
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
	var result *types.Var
	if s, ok := o.cur.Parent().Node().(*ast.AssignStmt); ok && len(s.Lhs) == 1 {
		result = c.Var(s.Lhs[0])
	}
	return func(cond ast.Expr, value bool) bool {
		switch e := ast.Unparen(cond).(type) {
		case *ast.CallExpr:
			return e == o.node && !value
		case *ast.Ident:
			return result != nil && c.Var(e) == result && !value
		case *ast.BinaryExpr:
			if !c.Pass.TypesInfo.Types[e.Y].IsNil() {
				return false
			}
			if ast.Unparen(e.X) == o.node || result != nil && c.Var(e.X) == result {
				return (e.Op == token.NEQ) == value
			}
		}
		return false
	}
}
