package errgroupmisuse

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

// nested looks for a call of Go in a function that runs in the same group, when
// the group has a limit. Go waits there for a slot while its caller holds one:
// once all slots are held by functions that wait, none becomes free.
//
// Groups are told apart by the variable or field; a parameter is the same as
// what calls in the package pass for it. A local variable is a new group in
// each call of its function, so a call of that function ends the search.
func (c *checker) nested() {
	limits := make(map[*types.Var]*ast.CallExpr)
	for _, g := range c.groups {
		for _, u := range g.uses {
			if u.kind == ops.GroupSetLimit && c.limits(u.call) {
				limits[g.v] = u.call
			}
		}
	}
	if len(limits) == 0 {
		return
	}
	same := c.passed()
	limit := func(v *types.Var) *ast.CallExpr {
		for _, w := range same(v) {
			if l := limits[w]; l != nil {
				return l
			}
		}
		return nil
	}
	for _, g := range c.groups {
		set := limit(g.v)
		if set == nil {
			continue
		}
		for _, u := range g.uses {
			if u.kind != ops.GroupGo {
				continue
			}
			if outer := c.within(u, same(g.v)); outer != nil {
				c.report.Report(diag.Finding{
					Pos: u.call.Pos(), End: u.call.Fun.End(), Category: nestedGo,
					Message: fmt.Sprintf("%s blocks forever once all slots (limit on %s) are held by functions that call it, started on line %d; use another group",
						source.Short(u.call.Fun), c.Where(set, u.call), c.Line(outer)),
					Related: source.Related(set, "the limit is set here"),
				})
				break
			}
		}
	}
}

// limits reports whether the call sets a limit: a negative one is none.
func (c *checker) limits(call *ast.CallExpr) bool {
	v := c.Pass.TypesInfo.Types[call.Args[0]].Value
	return v == nil || constant.Sign(v) >= 0
}

// passed returns a function that gives the variables which may hold the same
// group as one: parameters and what is passed for them.
func (c *checker) passed() func(*types.Var) []*types.Var {
	edges := make(map[*types.Var][]*types.Var)
	for cur := range c.Root.Preorder((*ast.CallExpr)(nil)) {
		call := cur.Node().(*ast.CallExpr)
		fn := c.Callee(call)
		if fn == nil || fn.Pkg() != c.Pass.Pkg {
			continue
		}
		params := fn.Origin().Signature().Params()
		for i, arg := range call.Args {
			if i >= params.Len() || !ops.IsGroup(params.At(i).Type()) {
				continue
			}
			if u, ok := ast.Unparen(arg).(*ast.UnaryExpr); ok {
				arg = u.X
			}
			if v := c.Var(arg); v != nil {
				edges[v] = append(edges[v], params.At(i))
				edges[params.At(i)] = append(edges[params.At(i)], v)
			}
		}
	}
	return func(v *types.Var) []*types.Var {
		all := []*types.Var{v}
		seen := map[*types.Var]bool{v: true}
		for i := 0; i < len(all); i++ {
			for _, w := range edges[all[i]] {
				if !seen[w] {
					seen[w] = true
					all = append(all, w)
				}
			}
		}
		return all
	}
}

// within returns the Go whose function runs the use, if there is one.
func (c *checker) within(u use, same []*types.Var) *ast.CallExpr {
	fn := c.Goroutine(u.cur)
	if lit, ok := fn.Node().(*ast.FuncLit); ok {
		return c.goOf(fn, lit, same)
	}
	decl, ok := fn.Node().(*ast.FuncDecl)
	if !ok {
		return nil
	}
	target, _ := c.Pass.TypesInfo.Defs[decl.Name].(*types.Func)
	if target == nil || c.declares(decl, same) {
		return nil
	}
	for _, v := range same {
		g := c.of[v]
		if g == nil {
			continue
		}
		for _, start := range g.uses {
			if start.kind != ops.GroupGo && start.kind != ops.GroupTryGo {
				continue
			}
			if c.reaches(start.cur, start.call.Args[0], target, same) {
				return start.call
			}
		}
	}
	return nil
}

// goOf returns the call of Go that the literal is the argument of.
func (c *checker) goOf(cur inspector.Cursor, lit *ast.FuncLit, same []*types.Var) *ast.CallExpr {
	call, ok := cur.Parent().Node().(*ast.CallExpr)
	if !ok || len(call.Args) == 0 || ast.Unparen(call.Args[0]) != ast.Expr(lit) {
		return nil
	}
	if k := c.Kind(call); k != ops.GroupGo && k != ops.GroupTryGo {
		return nil
	}
	for _, v := range same {
		if c.Var(source.Receiver(call)) == v {
			return call
		}
	}
	return nil
}

// declares reports whether one of the variables is a local one of the function:
// then each call of it has a group of its own.
func (c *checker) declares(decl *ast.FuncDecl, same []*types.Var) bool {
	for _, v := range same {
		if source.Local(v) && decl.Body != nil && decl.Body.Pos() <= v.Pos() && v.Pos() < decl.Body.End() {
			return true
		}
	}
	return false
}

// reaches reports whether the function value calls the target, directly or by
// functions of the package, in the same goroutine.
func (c *checker) reaches(cur inspector.Cursor, fun ast.Expr, target *types.Func, same []*types.Var) bool {
	seen := make(map[*types.Func]bool)
	var visit func(cur inspector.Cursor) bool
	follow := func(fn *types.Func) bool {
		if fn == nil || seen[fn] {
			return false
		}
		seen[fn] = true
		if fn == target {
			return true
		}
		decl, ok := c.Decl(fn)
		return ok && !c.declares(decl.Node().(*ast.FuncDecl), same) && visit(decl)
	}
	visit = func(cur inspector.Cursor) bool {
		found := false
		cur.Inspect([]ast.Node{(*ast.FuncLit)(nil), (*ast.CallExpr)(nil), (*ast.GoStmt)(nil)}, func(n inspector.Cursor) bool {
			switch x := n.Node().(type) {
			case *ast.FuncLit:
				return n == cur || !c.Started(n)
			case *ast.CallExpr:
				if _, ok := n.Parent().Node().(*ast.GoStmt); !ok {
					if fn := c.Callee(x); fn != nil {
						found = found || follow(fn.Origin())
					}
				}
			}
			return !found
		})
		return found
	}
	if lit, ok := ast.Unparen(fun).(*ast.FuncLit); ok {
		in, ok := cur.FindNode(lit)
		return ok && visit(in)
	}
	if sel, ok := ast.Unparen(fun).(*ast.SelectorExpr); ok {
		fn, _ := c.Pass.TypesInfo.Uses[sel.Sel].(*types.Func)
		return fn != nil && follow(fn.Origin())
	}
	if id, ok := ast.Unparen(fun).(*ast.Ident); ok {
		fn, _ := c.Pass.TypesInfo.Uses[id].(*types.Func)
		return fn != nil && follow(fn.Origin())
	}
	return false
}
