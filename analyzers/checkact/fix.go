package checkact

import (
	"bytes"
	"go/ast"
	"go/printer"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/shared"
)

// loadOrStore is the fix that makes one step of a Load and the Store in its
// branch for a missing key. It knows two forms,
//
//	if _, ok := m.Load(k); !ok {
//		m.Store(k, x)
//	}
//
//	v, ok := m.Load(k)
//	if !ok {
//		v = x
//		m.Store(k, v)
//	}
//
// and makes them only when it does no harm to make x in vain.
func loadOrStore(s *shared.Set, g *shared.Gap) *analysis.SuggestedFix {
	at, end := s.Source(g.Act)
	file := diag.EnclosingFile(s.Pass, at)
	if file == nil {
		return nil
	}
	path, exact := astutil.PathEnclosingInterval(file, at, end)
	if !exact || len(path) < 4 {
		return nil
	}
	store, ok1 := path[0].(*ast.CallExpr)
	body, ok2 := path[2].(*ast.BlockStmt)
	branch, ok3 := path[3].(*ast.IfStmt)
	if !ok1 || !ok2 || !ok3 || branch.Else != nil || branch.Body != body || body.List[len(body.List)-1] != path[1] {
		return nil
	}
	not, ok := branch.Cond.(*ast.UnaryExpr)
	if !ok || not.Op != token.NOT {
		return nil
	}
	var load *ast.AssignStmt
	var from ast.Stmt = branch
	if branch.Init != nil {
		load, _ = branch.Init.(*ast.AssignStmt)
	} else if block, ok := path[4].(*ast.BlockStmt); ok {
		for i, stmt := range block.List[1:] {
			if stmt == ast.Stmt(branch) {
				from = block.List[i]
				load, _ = from.(*ast.AssignStmt)
			}
		}
	}
	if load == nil || load.Tok != token.DEFINE || len(load.Lhs) != 2 || len(load.Rhs) != 1 || !sole(s, load.Lhs[1], not.X) {
		return nil
	}
	call, ok := load.Rhs[0].(*ast.CallExpr)
	if !ok || len(call.Args) != 1 || len(store.Args) != 2 || text(s, call.Args[0]) != text(s, store.Args[0]) || !harmless(s, store.Args[0]) {
		return nil
	}
	sel, ok := store.Fun.(*ast.SelectorExpr)
	if !ok || !harmless(s, sel.X) {
		return nil
	}
	value, v := store.Args[1], load.Lhs[0]
	switch {
	case len(body.List) == 1 && blank(v):
	case len(body.List) == 2 && !blank(v) && branch.Init == nil:
		set, ok := body.List[0].(*ast.AssignStmt)
		if !ok || set.Tok != token.ASSIGN || len(set.Lhs) != 1 || text(s, set.Lhs[0]) != text(s, v) || text(s, value) != text(s, v) {
			return nil
		}
		value = set.Rhs[0]
	default:
		return nil
	}
	if !harmless(s, value) {
		return nil
	}
	for _, c := range file.Comments {
		if c.Pos() >= from.Pos() && c.End() <= branch.End() && c.End() < body.List[len(body.List)-1].Pos() {
			return nil // it would be lost
		}
	}
	step := text(s, sel.X) + ".LoadOrStore(" + text(s, store.Args[0]) + ", " + text(s, value) + ")"
	if !blank(v) {
		if id, ok := v.(*ast.Ident); !ok || s.Pass.TypesInfo.Defs[id] == nil {
			return nil // nothing would be new on the left
		}
		step = text(s, v) + ", _ := " + step
	}
	return &analysis.SuggestedFix{Message: "use LoadOrStore", TextEdits: []analysis.TextEdit{{Pos: from.Pos(), End: branch.End(), NewText: []byte(step)}}}
}

func blank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

// sole reports whether the one use of the variable that def defines is use.
func sole(s *shared.Set, def, use ast.Expr) bool {
	d, ok1 := def.(*ast.Ident)
	u, ok2 := use.(*ast.Ident)
	if !ok1 || !ok2 {
		return false
	}
	v, ok := s.Pass.TypesInfo.Defs[d].(*types.Var)
	uses := s.Idents(v)
	return ok && len(uses) == 1 && uses[0] == u
}

// harmless reports whether evaluating the expression does nothing but make a
// value.
func harmless(s *shared.Set, e ast.Expr) bool {
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			tv := s.Pass.TypesInfo.Types[n.Fun]
			id, named := n.Fun.(*ast.Ident)
			ok = ok && (tv.IsType() || tv.IsBuiltin() && named && (id.Name == "new" || id.Name == "make" || id.Name == "len"))
		case *ast.UnaryExpr:
			ok = ok && n.Op != token.ARROW
		case *ast.FuncLit:
			return false
		case *ast.StarExpr, *ast.IndexExpr, *ast.SliceExpr, *ast.TypeAssertExpr:
			ok = ok && s.Pass.TypesInfo.Types[n.(ast.Expr)].IsType() // the others can panic
		}
		return ok
	})
	return ok
}

func text(s *shared.Set, e ast.Expr) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, s.Pass.Fset, e); err != nil {
		return ""
	}
	return b.String()
}
