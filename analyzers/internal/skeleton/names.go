package skeleton

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// assigned returns the variable that the expression at an SSA position is
// assigned to, so that what has no name in SSA is called as in the source.
func (p *Package) assigned(pos token.Pos) string {
	if p.names == nil {
		p.nameAll()
	}
	return p.names[pos]
}

func (p *Package) nameAll() {
	p.names = make(map[token.Pos]string)
	note := func(lhs, rhs []ast.Expr) {
		if len(lhs) == 0 || len(rhs) == 0 || len(rhs) > 1 && len(lhs) != len(rhs) {
			return
		}
		for i, r := range rhs {
			id, ok := lhs[i].(*ast.Ident)
			if !ok || id.Name == "_" {
				continue
			}
			r = ast.Unparen(r)
			if u, ok := r.(*ast.UnaryExpr); ok && u.Op == token.AND {
				r = ast.Unparen(u.X)
			}
			switch r := r.(type) {
			case *ast.CallExpr:
				p.names[r.Lparen] = id.Name
			case *ast.FuncLit:
				p.names[r.Pos()] = id.Name
			case *ast.CompositeLit:
				p.names[r.Lbrace] = id.Name
			case *ast.TypeAssertExpr:
				p.names[r.Lparen] = id.Name
			case *ast.IndexExpr:
				p.names[r.Lbrack] = id.Name
			case *ast.UnaryExpr:
				p.names[r.OpPos] = id.Name
			}
		}
	}
	in := p.Pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	in.Preorder([]ast.Node{(*ast.AssignStmt)(nil), (*ast.ValueSpec)(nil)}, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			note(n.Lhs, n.Rhs)
		case *ast.ValueSpec:
			lhs := make([]ast.Expr, len(n.Names))
			for i, id := range n.Names {
				lhs[i] = id
			}
			note(lhs, n.Values)
		}
	})
}
