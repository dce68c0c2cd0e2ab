package missingunlock

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/conclint/conclint/analyzers/internal/lockset"
)

// fix unlocks before the return: if that is right on all paths that get there,
// and nothing that is returned can depend on the lock.
func fix(s *lockset.Set, m lockset.Missing, unlock string) *analysis.SuggestedFix {
	ret, ok := s.Node(m.At).(*ast.ReturnStmt)
	if !ok || !m.Always {
		return nil
	}
	if _, direct := m.Lock.At.(*ssa.Call); !direct {
		return nil
	}
	call, ok := s.Node(m.Lock.At).(*ast.CallExpr)
	if !ok {
		return nil
	}
	// What the unlock is called on, or the function that unlocks.
	x := s.Source(m.Lock.At)
	if m.Lock.Result > 0 {
		x = keyVar(m, call)
	}
	if x == nil || !path(x) || s.Pass.Fset.Position(ret.Pos()).Filename != s.Pass.Fset.Position(x.Pos()).Filename {
		return nil
	}
	// The call must be the operation itself, and its variable mean the same
	// at the return.
	id := root(x)
	text := types.ExprString(x) + "." + lockset.Release(m.Lock.Mode)
	if m.Lock.Result > 0 {
		sig, ok := s.Pass.TypesInfo.TypeOf(x).Underlying().(*types.Signature)
		if text = id.Name; x != id || !ok || sig.Params().Len() > 0 || !assignedOnce(s.Pass.TypesInfo, m.Fn.Syntax(), id) {
			return nil
		}
	} else if sel := ast.Unparen(call.Fun).(*ast.SelectorExpr); sel.Sel.Name != lockset.Method(m.Lock.Mode) {
		return nil
	}
	obj := s.Pass.TypesInfo.ObjectOf(id)
	scope := s.Pass.Pkg.Scope().Innermost(ret.Pos())
	if scope == nil || obj == nil {
		return nil
	}
	if _, found := scope.LookupParent(id.Name, ret.Pos()); found != obj {
		return nil
	}
	for _, e := range ret.Results {
		if !constant(s.Pass.TypesInfo, e) {
			return nil
		}
	}
	indent := strings.Repeat("\t", s.Pass.Fset.Position(ret.Pos()).Column-1)
	text += "()\n" + indent
	return &analysis.SuggestedFix{
		Message:   "call " + unlock + " before the return",
		TextEdits: []analysis.TextEdit{{Pos: ret.Pos(), End: ret.Pos(), NewText: []byte(text)}},
	}
}

// assignedOnce reports whether the variable gets its value in one place.
func assignedOnce(info *types.Info, in ast.Node, id *ast.Ident) bool {
	n := 0
	is := func(x ast.Expr) {
		if y, ok := ast.Unparen(x).(*ast.Ident); ok && info.ObjectOf(y) == info.ObjectOf(id) {
			n++
		}
	}
	ast.Inspect(in, func(x ast.Node) bool {
		switch x := x.(type) {
		case *ast.AssignStmt:
			for _, l := range x.Lhs {
				is(l)
			}
		case *ast.ValueSpec:
			for _, l := range x.Names {
				is(l)
			}
		case *ast.UnaryExpr:
			if x.Op == token.AND {
				is(x.X)
			}
		}
		return true
	})
	return n == 1
}

// path reports whether e is a variable or a path of fields.
func path(e ast.Expr) bool { return root(e) != nil }

func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// constant reports whether the value of e cannot depend on the lock: it is a
// constant, nil, a local variable, or a package's error.
func constant(info *types.Info, e ast.Expr) bool {
	if tv := info.Types[e]; tv.Value != nil || tv.IsNil() {
		return true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, ok := info.Uses[e].(*types.Var)
		return ok && (v.Parent() == nil || v.Pkg() == nil || v.Parent() != v.Pkg().Scope() || isError(v.Type()))
	case *ast.SelectorExpr:
		if v, ok := info.Uses[e.Sel].(*types.Var); ok && !v.IsField() {
			return isError(v.Type())
		}
	case *ast.CompositeLit:
		return len(e.Elts) == 0
	case *ast.CallExpr:
		for _, a := range e.Args {
			if !constant(info, a) {
				return false
			}
		}
		fn, ok := info.Uses[callee(e.Fun)].(*types.Func)
		return ok && fn.Pkg() != nil && (fn.FullName() == "errors.New" || fn.FullName() == "fmt.Errorf")
	}
	return false
}

func callee(e ast.Expr) *ast.Ident {
	if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok {
		return sel.Sel
	}
	id, _ := ast.Unparen(e).(*ast.Ident)
	return id
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }
