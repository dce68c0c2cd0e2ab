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

// unchecked looks at an Acquire of Weighted whose error is not looked at,
// or that comes after the release is deferred.
func (c *checker) unchecked(o *op) {
	call, ok := o.node.(*ast.CallExpr)
	if !ok || !o.fails || slices.ContainsFunc(call.Args, c.endless) {
		return
	}
	own := c.Kind(call) == ops.SemAcquire
	if c.Kind(call) == ops.SemTryAcquire {
		return
	}
	ignored := false
	switch s := o.cur.Parent().Node().(type) {
	case *ast.ExprStmt:
		ignored = own || o.result >= 0
	case *ast.AssignStmt:
		if o.result >= 0 && o.result < len(s.Lhs) {
			id, ok := s.Lhs[o.result].(*ast.Ident)
			ignored = ok && id.Name == "_"
		}
	}
	for _, r := range c.by[o.sem.v] {
		if r.acquire || !r.must || r.sem != o.sem || !o.fn.Contains(r.fn) || c.decided(r, o) {
			continue
		}
		if ignored && !own {
			c.report.Report(diag.Finding{
				Pos: call.Pos(), End: call.End(), Category: notAcquired,
				Message: fmt.Sprintf("%s can return without a slot, and the release on line %d then takes away another's or panics; look at its result", source.Short(call.Fun), c.Line(r.node)),
				Related: source.Related(r.node, "the release"),
			})
			return
		}
		if ignored {
			c.report.Report(diag.Finding{
				Pos: call.Pos(), End: call.End(), Category: notAcquired,
				Message: fmt.Sprintf("%s gets no slot when its context is done, and the Release on line %d then panics; look at the error", source.Short(call.Fun), c.Line(r.node)),
				Related: source.Related(r.node, "the release"),
			})
			return
		}
		if d := c.deferStmt(r, o.fn); own && d != nil && c.before(o, d) {
			c.report.Report(diag.Finding{
				Pos: r.node.Pos(), End: r.node.End(), Category: notAcquired,
				Message: fmt.Sprintf("the deferred %s panics if %s on line %d fails; defer it when the slot is there",
					source.Short(r.node.(*ast.CallExpr).Fun), source.Short(call.Fun), c.Line(call)),
				Related: source.Related(call, "the acquire"),
			})
			return
		}
	}
}

// endless reports whether the context is one that is never done: by what makes it, or as
// a variable that gets no other.
func (c *checker) endless(ctx ast.Expr) bool {
	return c.neverDone(ctx, make(map[*types.Var]bool))
}

func (c *checker) neverDone(ctx ast.Expr, seen map[*types.Var]bool) bool {
	switch c.Kind(ctx) {
	case ops.CtxRoot, ops.CtxDetach:
		return true
	case ops.CtxWithValue:
		return c.neverDone(ast.Unparen(ctx).(*ast.CallExpr).Args[0], seen)
	}
	v := c.Var(ctx)
	if v == nil || v.IsField() || v.Exported() {
		return false
	}
	if seen[v] {
		return true // as the others are
	}
	seen[v] = true
	set := false
	for _, use := range c.Uses(v) {
		var values []ast.Expr
		switch s := use.Parent().Node().(type) {
		case *ast.AssignStmt:
			if !c.Assigns(s, v) {
				continue
			}
			values = s.Rhs
		case *ast.ValueSpec:
			if !source.Within(use.Node(), s.Names[0]) {
				continue
			}
			values = s.Values
		default:
			continue
		}
		if len(values) != 1 || !c.neverDone(values[0], seen) {
			return false
		}
		set = true
	}
	return set
}

// deferStmt returns the defer statement of the function that the release is in.
func (c *checker) deferStmt(r *op, fn inspector.Cursor) *ast.DeferStmt {
	for up := range r.cur.Enclosing((*ast.DeferStmt)(nil)) {
		if in, _ := source.Func(up); in == fn {
			return up.Node().(*ast.DeferStmt)
		}
	}
	return nil
}

// deferredBefore reports whether a defer that stands before the acquire, or of which the
// acquire is a part (defer take()()), gives the slot back.
func (c *checker) deferredBefore(o *op) bool {
	for _, r := range c.by[o.sem.v] {
		if d := c.deferStmt(r, o.fn); !r.acquire && d != nil && (d.End() <= o.node.Pos() || d.Call == r.node && source.Within(o.node, d)) {
			return true
		}
	}
	return false
}

// before reports whether the defer statement is reached first, with no other
// acquire before it.
func (c *checker) before(o *op, d *ast.DeferStmt) bool {
	g := c.Graph(o.fn.Node())
	if g == nil {
		return false
	}
	first := c.FromEntry(g, source.Search{
		Ends: func(n ast.Node) bool { return c.takes(n, o.sem) },
		Hit:  func(n ast.Node) bool { return n == ast.Node(d) },
	})
	return first != nil && c.From(g, d, source.Search{Hit: func(n ast.Node) bool { return source.Within(o.node, n) }}) != nil
}

// takes reports whether the node takes a slot of the semaphore.
func (c *checker) takes(n ast.Node, s sem) bool {
	for _, o := range c.by[s.v] {
		if o.acquire && o.sem == s && source.Within(o.node, n) {
			return true
		}
	}
	return false
}

// otherCase looks at a select that takes a slot or gives up, by another case or its
// default, and comes to the release all the same.
func (c *checker) otherCase(o *op) {
	if _, ok := o.node.(*ast.SendStmt); !ok || !o.try {
		return
	}
	sel, ok := o.cur.Parent().Parent().Parent().Node().(*ast.SelectStmt)
	g := c.Graph(o.fn.Node())
	if !ok || g == nil {
		return
	}
	for _, s := range sel.Body.List {
		other := s.(*ast.CommClause)
		if other.Comm == o.node {
			continue
		}
		var release ast.Node
		search := source.Search{
			Ends: func(n ast.Node) bool {
				at, _ := c.blocksIn(n, o)
				return at != nil || c.takes(n, o.sem)
			},
			Hit: func(n ast.Node) bool {
				release = c.release(n, o)
				return release != nil
			},
		}
		how := "goes by another case"
		if other.Comm == nil {
			how = "goes by its default"
			c.FromDefault(g, sel, search)
		} else {
			c.From(g, other.Comm, search)
		}
		if release == nil || c.isHelper(release) && other.Comm != nil && !c.givesUp(other.Comm) {
			continue // what is told by the other case may be that the slot is there
		}
		c.report.Report(diag.Finding{
			Pos: release.Pos(), End: release.End(), Category: notAcquired,
			Message: fmt.Sprintf("%s gives back a slot that was not taken if the select on line %d %s: it takes away another's or blocks forever",
				source.Short(release.(ast.Expr)), c.Line(o.node), how),
			Related: source.Related(o.node, "the slot is taken here"),
		})
		return
	}
}

// isHelper reports whether the operation is a call of a function of the package.
func (c *checker) isHelper(n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	return ok && c.Kind(call) != ops.SemRelease
}

// givesUp reports whether the communication is that of a context that is done, or of a time
// that is over.
func (c *checker) givesUp(comm ast.Stmt) bool {
	return source.Any(comm, func(n ast.Node) bool {
		recv, ok := n.(*ast.UnaryExpr)
		if !ok || recv.Op != token.ARROW {
			return false
		}
		switch c.Kind(recv.X) {
		case ops.CtxDone, ops.After:
			return true
		}
		ch, ok := c.Pass.TypesInfo.TypeOf(recv.X).Underlying().(*types.Chan)
		return ok && types.TypeString(ch.Elem(), nil) == "time.Time"
	})
}

// release returns a release in the node, itself or deferred.
func (c *checker) release(n ast.Node, o *op) ast.Node {
	for _, r := range c.by[o.sem.v] {
		if r.acquire || !r.must || r.sem != o.sem || !source.Within(r.node, n) {
			continue
		}
		if (r.fn == o.fn || c.deferStmt(r, o.fn) != nil) && !c.decided(r, o) {
			return r.node
		}
	}
	return nil
}

// decided reports whether the release is under a condition, which can be on
// whether the slot was taken.
func (c *checker) decided(r, o *op) bool {
	for up := range r.cur.Enclosing((*ast.IfStmt)(nil), (*ast.SwitchStmt)(nil)) {
		if !source.Within(o.node, up.Node()) {
			return true
		}
	}
	return false
}
