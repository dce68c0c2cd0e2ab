package needlessnew

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/conclint/conclint/analyzers/internal/diag"
	"github.com/conclint/conclint/analyzers/internal/ops"
)

//go:embed doc.go
var doc string

// Check is the analyzer and what users are told about it.
var Check = diag.New(diag.Spec{
	Doc:        doc,
	Family:     diag.Misuse,
	Default:    false, // a matter of taste
	Fixable:    true,
	Advice:     true,
	Categories: []string{variable, field},
	Run:        run,
})

// Analyzer is what a driver runs.
var Analyzer = Check.Analyzer

const (
	variable = "variable"
	field    = "field"
)

// A made variable is one that a declaration would do for.
type made struct {
	name  *ast.Ident
	typ   ast.Expr // as written
	stmt  ast.Node // to be replaced
	local bool     // by a statement, else by the rest of a var
	used  bool     // otherwise than by calling its methods
}

func run(pass *analysis.Pass, report *diag.Reporter) error {
	concerned := false
	for _, imp := range pass.Pkg.Imports() {
		concerned = concerned || ops.Concerns(imp)
	}
	if !concerned {
		return nil
	}
	vars := make(map[*types.Var]*made)
	var order []*types.Var
	note := func(id *ast.Ident, m *made) {
		if v, ok := pass.TypesInfo.Defs[id].(*types.Var); ok && id.Name != "_" && !(v.Parent() == pass.Pkg.Scope() && v.Exported()) {
			m.name = id
			vars[v] = m
			order = append(order, v)
		}
	}
	for _, file := range pass.Files {
		ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				id, ok := n.Lhs[0].(*ast.Ident)
				if typ := zero(pass, n.Rhs[0]); ok && typ != nil && n.Tok == token.DEFINE && len(n.Lhs) == 1 && statement(stack) {
					note(id, &made{typ: typ, stmt: n, local: true})
				}
			case *ast.ValueSpec:
				if len(n.Names) == 1 && len(n.Values) == 1 && n.Type == nil {
					if typ := zero(pass, n.Values[0]); typ != nil {
						note(n.Names[0], &made{typ: typ, stmt: n})
					}
				}
			case *ast.CompositeLit:
				fields(pass, report, n)
			}
			return true
		})
	}
	if len(vars) > 0 {
		uses(pass, vars)
	}
	for _, v := range order {
		m := vars[v]
		if m.used {
			continue
		}
		typ := types.ExprString(m.typ)
		text := m.name.Name + " " + typ
		if m.local {
			text = "var " + text
		}
		report.Report(diag.Finding{
			Pos: m.stmt.Pos(), End: m.stmt.End(), Category: variable,
			Message: fmt.Sprintf("%s needs no constructor, since its zero value is ready for use; declare it: var %s %s", m.name.Name, m.name.Name, typ),
			Fix: &analysis.SuggestedFix{
				Message:   "declare it",
				TextEdits: []analysis.TextEdit{{Pos: m.stmt.Pos(), End: m.stmt.End(), NewText: []byte(text)}},
			},
		})
	}
	return nil
}

// zero returns the type, as written, of an expression that makes a zero value that
// is ready for use, or a pointer to one.
func zero(pass *analysis.Pass, e ast.Expr) ast.Expr {
	e = ast.Unparen(e)
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = ast.Unparen(u.X)
	}
	var typ ast.Expr
	switch e := e.(type) {
	case *ast.CompositeLit:
		if len(e.Elts) == 0 {
			typ = e.Type
		}
	case *ast.CallExpr:
		if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok && id.Name == "new" && len(e.Args) == 1 {
			if _, builtin := pass.TypesInfo.Uses[id].(*types.Builtin); builtin && pass.TypesInfo.Types[e.Args[0]].IsType() {
				typ = e.Args[0]
			}
		}
	}
	if typ == nil {
		return nil
	}
	if t := pass.TypesInfo.TypeOf(typ); t == nil || !ops.ZeroReady(t) || ops.IsCond(t) || ops.IsPool(t) {
		return nil
	}
	return typ
}

// statement reports whether a statement stands on its own.
func statement(stack []ast.Node) bool {
	if len(stack) == 0 {
		return false
	}
	switch stack[len(stack)-1].(type) {
	case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
		return true
	}
	return false
}

// uses notes which variables are used otherwise than by calling their methods.
func uses(pass *analysis.Pass, vars map[*types.Var]*made) {
	for _, file := range pass.Files {
		ast.PreorderStack(file, nil, func(n ast.Node, stack []ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			v, _ := pass.TypesInfo.Uses[id].(*types.Var)
			m := vars[v]
			if m == nil {
				return true
			}
			sel, ok := stack[len(stack)-1].(*ast.SelectorExpr)
			if !ok || sel.X != id || len(stack) < 2 {
				m.used = true
				return true
			}
			call, ok := stack[len(stack)-2].(*ast.CallExpr)
			m.used = m.used || !ok || call.Fun != sel
			return true
		})
	}
}

// fields reports the elements of a struct literal that are zero anyway.
func fields(pass *analysis.Pass, report *diag.Reporter, lit *ast.CompositeLit) {
	t := pass.TypesInfo.TypeOf(lit)
	if t == nil {
		return
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if _, ok := t.Underlying().(*types.Struct); !ok {
		return
	}
	for i, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return
		}
		value, ok := ast.Unparen(kv.Value).(*ast.CompositeLit)
		if !ok || zero(pass, value) == nil {
			continue
		}
		// From here to the next element, or from the last one to here.
		from, to := kv.Pos(), kv.End()
		switch {
		case i+1 < len(lit.Elts):
			to = lit.Elts[i+1].Pos()
		case i > 0:
			from = lit.Elts[i-1].End()
		}
		f := diag.Finding{
			Pos: kv.Pos(), End: kv.End(), Category: field,
			Message: fmt.Sprintf("%s needs no value, since the zero value of %s is ready for use; leave it out", types.ExprString(kv.Key), types.ExprString(value.Type)),
		}
		if !commented(pass, from, to) && imported(pass, value.Type) && (len(lit.Elts) > 1 || pass.Fset.Position(lit.Lbrace).Line == pass.Fset.Position(lit.Rbrace).Line) {
			f.Fix = &analysis.SuggestedFix{Message: "leave it out", TextEdits: []analysis.TextEdit{{Pos: from, End: to}}}
		}
		report.Report(f)
	}
}

// imported reports whether the file still needs the package of a type when this
// mention of it is gone.
func imported(pass *analysis.Pass, typ ast.Expr) bool {
	sel, ok := typ.(*ast.SelectorExpr)
	if !ok {
		return true
	}
	id, ok := sel.X.(*ast.Ident)
	file := diag.EnclosingFile(pass, typ.Pos())
	if !ok || file == nil {
		return false
	}
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		if x, ok := node.(*ast.Ident); ok && pass.TypesInfo.Uses[x] == pass.TypesInfo.Uses[id] {
			n++
		}
		return true
	})
	return n > 1
}

// commented reports whether a comment stands between two positions.
func commented(pass *analysis.Pass, from, to token.Pos) bool {
	file := diag.EnclosingFile(pass, from)
	if file == nil {
		return true
	}
	for _, g := range file.Comments {
		if g.Pos() < to && g.End() > from {
			return true
		}
	}
	return false
}
