package copylock

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// fixRange makes the loop variable of r a pointer to the element:
//
//	for _, x := range xs {   ->   for i := range xs {
//	                                  x := &xs[i]
//
// It does so only where that changes nothing but the copy: xs is a local
// variable that the body leaves alone, and the body reads fields of x, or calls
// methods that get a copy or belong to a lock. It returns nil otherwise.
func fixRange(pass *analysis.Pass, r *ast.RangeStmt) *analysis.SuggestedFix {
	info := pass.TypesInfo
	xs, ok := ast.Unparen(r.X).(*ast.Ident)
	if !ok || r.Tok != token.DEFINE {
		return nil
	}
	list, ok := info.Uses[xs].(*types.Var)
	x, isIdent := r.Value.(*ast.Ident)
	if !ok || !isIdent || list.Parent() == pass.Pkg.Scope() || x.Name == xs.Name || uses(info, r.Body, list) {
		return nil
	}
	switch list.Type().Underlying().(type) {
	case *types.Slice, *types.Array:
	default:
		return nil
	}
	index := "i"
	if key, ok := r.Key.(*ast.Ident); ok && key.Name != "_" {
		index = key.Name
		if changed(info, r.Body, info.Defs[key]) {
			return nil
		}
	} else if !ok || mentions(r.Body, index) || x.Name == index || xs.Name == index {
		return nil
	}
	if shadowed(r.Body, x.Name) || !onlyRead(info, r.Body, info.Defs[x]) {
		return nil
	}
	text := "\n" + x.Name + " := &" + xs.Name + "[" + index + "]"
	if len(r.Body.List) > 0 && sameLine(pass.Fset, r.Body.Lbrace, r.Body.List[0].Pos()) {
		text += "\n"
	}
	return &analysis.SuggestedFix{
		Message: "point " + x.Name + " to the element",
		TextEdits: []analysis.TextEdit{
			{Pos: r.Key.Pos(), End: r.Value.End(), NewText: []byte(index)},
			{Pos: r.Body.Lbrace + 1, End: r.Body.Lbrace + 1, NewText: []byte(text)},
		},
	}
}

func sameLine(fset *token.FileSet, a, b token.Pos) bool {
	return fset.Position(a).Line == fset.Position(b).Line
}

func mentions(in ast.Node, name string) bool {
	found := false
	ast.Inspect(in, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && id.Name == name
		return !found
	})
	return found
}

// shadowed reports whether the block itself declares name again: it would then
// be declared twice.
func shadowed(block *ast.BlockStmt, name string) bool {
	for _, s := range block.List {
		switch s := s.(type) {
		case *ast.AssignStmt:
			for _, l := range s.Lhs {
				if id, ok := l.(*ast.Ident); ok && s.Tok == token.DEFINE && id.Name == name {
					return true
				}
			}
		case *ast.DeclStmt:
			if mentions(s, name) {
				return true
			}
		}
	}
	return false
}

// changed reports whether v is assigned to, or its address is taken.
func changed(info *types.Info, in ast.Node, v types.Object) bool {
	is := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		return ok && info.Uses[id] == v
	}
	found := false
	ast.Inspect(in, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				found = found || is(l)
			}
		case *ast.IncDecStmt:
			found = found || is(n.X)
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && is(n.X)
		case *ast.RangeStmt:
			found = found || n.Key != nil && is(n.Key) || n.Value != nil && is(n.Value)
		}
		return !found
	})
	return found
}

// onlyRead reports whether every use of the struct v reads one of its fields or
// calls a method that leaves all but locks as they are.
func onlyRead(info *types.Info, body ast.Node, v types.Object) bool {
	ok := true
	inspect(info, body, func(n, parent ast.Node, _ *types.Tuple) {
		switch n := n.(type) {
		case *ast.Ident:
			if info.Uses[n] == v {
				sel, selected := parent.(*ast.SelectorExpr)
				ok = ok && selected && sel.X == n
			}
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				ok = ok && !within(info, l, v)
			}
		case *ast.IncDecStmt:
			ok = ok && !within(info, n.X, v)
		case *ast.UnaryExpr:
			ok = ok && !(n.Op == token.AND && within(info, n.X, v))
		case *ast.SliceExpr:
			ok = ok && !within(info, n.X, v)
		case *ast.RangeStmt:
			ok = ok && !(n.Key != nil && within(info, n.Key, v)) && !(n.Value != nil && within(info, n.Value, v))
		case *ast.SelectorExpr:
			s, isSel := info.Selections[n]
			if !isSel || s.Kind() != types.MethodVal || !within(info, n.X, v) {
				return
			}
			_, pointer := types.Unalias(s.Obj().(*types.Func).Signature().Recv().Type()).(*types.Pointer)
			if pointer && !ofLock(s.Obj()) {
				ok = false
			}
		}
	})
	return ok
}

// ofLock reports whether a method belongs to package sync or sync/atomic.
func ofLock(method types.Object) bool {
	return method.Pkg() != nil && (method.Pkg().Path() == "sync" || method.Pkg().Path() == "sync/atomic")
}

// within reports whether e is part of the variable v itself: v.f, v.f[i] of an
// array, but not what a pointer, slice or map in it leads to.
func within(info *types.Info, e ast.Expr, v types.Object) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return info.Uses[e] == v
	case *ast.SelectorExpr:
		if s, ok := info.Selections[e]; ok && s.Kind() == types.FieldVal && s.Indirect() {
			return false
		}
		return within(info, e.X, v)
	case *ast.IndexExpr:
		_, array := info.TypeOf(e.X).Underlying().(*types.Array)
		return array && within(info, e.X, v)
	}
	return false
}
