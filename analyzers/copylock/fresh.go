package copylock

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"
)

// freshness decides whether a call returns a pointer that nobody else has, so
// that *f() moves a value rather than copying it. This is a must analysis over
// the return statements of f: each hands out memory that f has made itself.
// A function of another package, or one that is not known, is not judged: it
// counts as fresh, and its copies are missed.
type freshness struct {
	pass  *analysis.Pass
	decls map[*types.Func]*ast.FuncDecl
	known map[*types.Func]bool
}

func newFreshness(pass *analysis.Pass) *freshness {
	f := &freshness{pass: pass, decls: make(map[*types.Func]*ast.FuncDecl), known: make(map[*types.Func]bool)}
	for _, file := range pass.Files {
		for _, d := range file.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
				if fn, ok := pass.TypesInfo.Defs[d.Name].(*types.Func); ok {
					f.decls[fn] = d
				}
			}
		}
	}
	return f
}

func (f *freshness) call(c *ast.CallExpr) bool {
	if f.pass.TypesInfo.Types[c.Fun].IsType() {
		return false // *(*T)(p)
	}
	fn := typeutil.StaticCallee(f.pass.TypesInfo, c)
	if fn == nil {
		return true
	}
	return f.function(fn.Origin())
}

func (f *freshness) function(fn *types.Func) bool {
	d := f.decls[fn]
	if d == nil {
		return true
	}
	if fresh, ok := f.known[fn]; ok {
		return fresh
	}
	f.known[fn] = true // for a recursive call: as fresh as the others
	fresh := true
	ast.Inspect(d.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			for _, r := range n.Results {
				if _, ok := f.pass.TypesInfo.TypeOf(r).Underlying().(*types.Pointer); ok && !f.expr(d, r) {
					fresh = false
				}
			}
		}
		return fresh
	})
	f.known[fn] = fresh
	return fresh
}

// expr reports whether the pointer x of function d points to memory made there.
func (f *freshness) expr(d *ast.FuncDecl, x ast.Expr) bool {
	info := f.pass.TypesInfo
	switch x := ast.Unparen(x).(type) {
	case *ast.UnaryExpr:
		if x.Op != token.AND {
			return false
		}
		switch y := ast.Unparen(x.X).(type) {
		case *ast.CompositeLit:
			return true
		case *ast.Ident:
			return f.local(d, y)
		}
		return false
	case *ast.CallExpr:
		return f.call(x)
	case *ast.Ident:
		if info.Types[x].IsNil() {
			return true
		}
		return f.local(d, x) && f.assigned(d, info.Uses[x])
	}
	// A type assertion or receive may hand on what was just made: unknown.
	switch ast.Unparen(x).(type) {
	case *ast.SelectorExpr, *ast.IndexExpr, *ast.StarExpr:
		return false
	}
	return true
}

// local reports whether id is a variable of d's body, not a parameter.
func (f *freshness) local(d *ast.FuncDecl, id *ast.Ident) bool {
	v := f.pass.TypesInfo.Uses[id]
	return v != nil && d.Body.Pos() <= v.Pos() && v.Pos() < d.Body.End()
}

// assigned reports whether everything that d assigns to v is fresh.
func (f *freshness) assigned(d *ast.FuncDecl, v types.Object) bool {
	info := f.pass.TypesInfo
	fresh := true
	ast.Inspect(d.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				if id, ok := l.(*ast.Ident); ok && info.ObjectOf(id) == v {
					fresh = fresh && i < len(n.Rhs) && f.source(d, n.Rhs[i], v)
				}
			}
		case *ast.ValueSpec:
			for i, id := range n.Names {
				if info.Defs[id] == v && len(n.Values) > 0 {
					fresh = fresh && i < len(n.Values) && f.source(d, n.Values[i], v)
				}
			}
		case *ast.RangeStmt:
			for _, e := range []ast.Expr{n.Key, n.Value} {
				if id, ok := e.(*ast.Ident); ok && info.ObjectOf(id) == v {
					fresh = false
				}
			}
		}
		return fresh
	})
	return fresh
}

// source is expr for what is assigned to v, where another variable is not
// followed further.
func (f *freshness) source(d *ast.FuncDecl, x ast.Expr, v types.Object) bool {
	if id, ok := ast.Unparen(x).(*ast.Ident); ok && !f.pass.TypesInfo.Types[id].IsNil() {
		return f.pass.TypesInfo.Uses[id] == v
	}
	return f.expr(d, x)
}
