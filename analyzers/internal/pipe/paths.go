package pipe

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/conclint/conclint/analyzers/internal/ops"
	"github.com/conclint/conclint/analyzers/internal/source"
)

func (f *finder) abandoned(g graph, start ast.Node, uses []use) ast.Node {
	any := func(n ast.Node) bool { return within(uses, n, func(use) bool { return true }) || f.waits(n) }
	if ret := f.From(g, start, source.Search{Ends: any, Closes: f.isNil}); ret != nil {
		return ret
	}
	return f.failed(g, start, uses)
}

func (f *finder) failed(g graph, start ast.Node, uses []use) ast.Node {
	gone := func(n ast.Node) bool {
		return within(uses, n, func(u use) bool { return u.kind == gone }) || start != nil && f.waits(n)
	}
	for _, u := range uses {
		if !u.fails {
			continue
		}
		s := source.Search{Ends: gone, Closes: f.isNil, Hit: func(n ast.Node) bool { return source.Within(u.at, n) && !gone(n) }}
		var at ast.Node
		if start != nil {
			at = f.From(g, start, s)
		} else {
			at = f.FromEntry(g, s)
		}
		if at == nil {
			continue
		}
		if ret, ok := at.(*ast.ReturnStmt); ok {
			return ret
		}
		if ret := f.afterError(g, u, at, uses); ret != nil {
			return ret
		}
	}
	return nil
}

func (f *finder) afterError(g graph, u use, at ast.Node, uses []use) ast.Node {
	s, ok := at.(*ast.AssignStmt)
	if !ok || len(s.Rhs) != 1 || ast.Unparen(s.Rhs[0]) != ast.Expr(u.call) {
		return nil
	}
	err := f.Var(s.Lhs[len(s.Lhs)-1])
	if err == nil || err.IsField() {
		return nil
	}
	return f.From(g, s, source.Search{
		Ends: func(n ast.Node) bool {
			return f.Assigns(n, err) && !keeps(f.Package, n, err) || within(uses, n, func(use) bool { return true }) || f.waits(n)
		},
		Closes: func(cond ast.Expr, value bool) bool { return f.fine(cond, value, err) || f.isNil(cond, value) },
	})
}

func (f *finder) waits(n ast.Node) bool {
	return f.start != nil && source.Any(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.UnaryExpr:
			return n.Op == token.ARROW && f.inStart(n.X)
		case *ast.CallExpr:
			k := f.Kind(n)
			return k == ops.WgWait || k == ops.GroupWait
		}
		return false
	})
}

func (f *finder) inStart(ch ast.Expr) bool {
	v := f.Var(ch)
	return v != nil && slices.ContainsFunc(f.Uses(v), func(cur inspector.Cursor) bool { return source.Within(cur.Node(), f.start) })
}

func keeps(p *source.Package, n ast.Node, err *types.Var) bool {
	s, ok := n.(*ast.AssignStmt)
	if !ok {
		return false
	}
	for _, e := range s.Rhs {
		if source.Any(e, func(n ast.Node) bool { id, ok := n.(*ast.Ident); return ok && p.Var(id) == err }) {
			return true
		}
	}
	return false
}

func (f *finder) fine(cond ast.Expr, value bool, err *types.Var) bool {
	switch e := ast.Unparen(cond).(type) {
	case *ast.BinaryExpr:
		if e.Op != token.EQL && e.Op != token.NEQ || f.Var(e.X) != err {
			return false
		}
		return (e.Op == token.EQL) == value // nil, io.EOF or another that is known
	case *ast.CallExpr: // errors.Is(err, io.EOF)
		return value && len(e.Args) > 0 && f.Var(e.Args[0]) == err
	}
	return false
}
