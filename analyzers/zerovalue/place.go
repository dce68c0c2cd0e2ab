package zerovalue

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/ops"
)

// selectOf is the select of which n, a send or receive, is a case: there a nil channel
// switches the case off. What a case evaluates before is none.
func selectOf(above []ast.Node, n ast.Node) *ast.SelectStmt {
	for i := len(above) - 1; i > 1; i-- {
		switch p := above[i].(type) {
		case *ast.CommClause:
			if p.Comm == nil || operation(p.Comm) != n {
				return nil
			}
			sel, _ := above[i-2].(*ast.SelectStmt)
			return sel
		case *ast.BlockStmt, *ast.FuncLit:
			return nil
		}
	}
	return nil
}

// operation is the send or receive of a case.
func operation(comm ast.Stmt) ast.Node {
	switch s := comm.(type) {
	case *ast.ExprStmt:
		return ast.Unparen(s.X)
	case *ast.AssignStmt:
		return ast.Unparen(s.Rhs[0])
	}
	return comm
}

// recovers reports whether a function around expects a panic.
func recovers(pass *analysis.Pass, above []ast.Node) bool {
	found := false
	for _, n := range above {
		fn, ok := n.(*ast.FuncDecl)
		if !ok {
			continue
		}
		ast.Inspect(fn, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Name == "recover" {
				_, builtin := pass.TypesInfo.Uses[id].(*types.Builtin)
				found = found || builtin
			}
			return !found
		})
	}
	return found
}

// written reports whether the element is assigned to.
func written(above []ast.Node, e ast.Expr) bool {
	switch p := last(above).(type) {
	case *ast.AssignStmt:
		for _, lhs := range p.Lhs {
			if lhs == e {
				return true
			}
		}
	case *ast.IncDecStmt:
		return p.X == e
	}
	return false
}

// underLock reports whether the statement is in a goroutine, or in a function
// that takes a lock.
func underLock(pass *analysis.Pass, above []ast.Node) bool {
	for _, n := range above {
		switch n := n.(type) {
		case *ast.GoStmt:
			return true
		case *ast.FuncDecl, *ast.FuncLit:
			found := false
			ast.Inspect(n, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
						fn, _ := pass.TypesInfo.Uses[sel.Sel].(*types.Func)
						switch ops.Of(fn).Kind {
						case ops.Lock, ops.RLock, ops.TryLock, ops.TryRLock, ops.WgGo, ops.GroupGo:
							found = true
						}
					}
				}
				return !found
			})
			if found {
				return true
			}
		}
	}
	return false
}
