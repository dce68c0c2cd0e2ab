package zerovalue

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// collect finds the variables that the package declares.
func collect(pass *analysis.Pass) map[*types.Var]*variable {
	vars := make(map[*types.Var]*variable)
	if !concerned(pass) {
		return vars
	}
	add := func(id *ast.Ident, typ ast.Expr, owner *ast.TypeSpec, n int) {
		obj, ok := pass.TypesInfo.Defs[id].(*types.Var)
		if !ok || id.Name == "_" {
			return
		}
		kind := kindOf(obj.Type(), !obj.IsField())
		// By reflection others set exported fields of types they cannot name.
		settable := obj.Exported() && pass.Pkg.Name() != "main" && (owner == nil || ast.IsExported(owner.Name.Name) || kind != nilPointer)
		if obj.IsField() && kind != nilPointer && obj.Exported() {
			settable = true
		}
		if kind == "" || settable && (obj.IsField() || obj.Parent() == pass.Pkg.Scope()) {
			return
		}
		vars[obj] = &variable{obj: obj, kind: kind, typ: ast.Unparen(typ), owner: owner, shared: n > 1}
	}
	addCond := func(id *ast.Ident) {
		if obj, ok := pass.TypesInfo.Defs[id].(*types.Var); ok && (obj.Parent() != pass.Pkg.Scope() || !obj.Exported()) {
			vars[obj] = &variable{obj: obj, kind: condWithoutLocker}
		}
	}
	for _, file := range pass.Files {
		ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, id := range n.Names {
					if len(n.Values) == len(n.Names) && emptyCond(pass, n.Values[i]) {
						addCond(id)
					}
				}
				if n.Type == nil || len(n.Values) > 0 {
					break
				}
				for _, id := range n.Names {
					add(id, n.Type, nil, len(n.Names))
				}
			case *ast.AssignStmt:
				if id, ok := n.Lhs[0].(*ast.Ident); ok && n.Tok == token.DEFINE && len(n.Lhs) == 1 && emptyCond(pass, n.Rhs[0]) {
					addCond(id)
				}
			case *ast.StructType:
				owner, _ := last(stack).(*ast.TypeSpec)
				for _, f := range n.Fields.List {
					for _, id := range f.Names {
						add(id, f.Type, owner, len(f.Names))
					}
					if star, ok := f.Type.(*ast.StarExpr); ok && len(f.Names) == 0 {
						add(embedded(star.X), f.Type, owner, 1)
					}
				}
			}
			return true
		})
	}
	return vars
}

// concerned reports whether the package has to do with concurrency.
func concerned(pass *analysis.Pass) bool {
	for _, imp := range pass.Pkg.Imports() {
		if ops.Concerns(imp) {
			return true
		}
	}
	found := false
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.GoStmt, *ast.ChanType:
				found = true
			}
			return !found
		})
	}
	return found
}

// emptyCond reports whether e makes a Cond without a Locker.
func emptyCond(pass *analysis.Pass, e ast.Expr) bool {
	e = ast.Unparen(e)
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = ast.Unparen(u.X)
	}
	switch e := e.(type) {
	case *ast.CompositeLit:
		return len(e.Elts) == 0 && ops.IsCond(pass.TypesInfo.TypeOf(e))
	case *ast.CallExpr:
		if fn, _ := typeutil.Callee(pass.TypesInfo, e).(*types.Func); ops.Of(fn).Kind == ops.NewCond && len(e.Args) == 1 {
			return pass.TypesInfo.Types[e.Args[0]].IsNil()
		}
		id, ok := ast.Unparen(e.Fun).(*ast.Ident)
		if !ok || id.Name != "new" || len(e.Args) != 1 {
			return false
		}
		_, builtin := pass.TypesInfo.Uses[id].(*types.Builtin)
		return builtin && ops.IsCond(pass.TypesInfo.TypeOf(e.Args[0]))
	}
	return false
}

func embedded(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return e.Sel
	case *ast.IndexExpr:
		return embedded(e.X)
	case *ast.Ident:
		return e
	}
	return nil
}
